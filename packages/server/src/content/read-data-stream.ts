import { type SaxesAttributePlain, SaxesParser } from 'saxes';
import type { BenchmarkContent, BenchmarkProfile, BenchmarkRule, XccdfSeverity } from '../domain/benchmarks.ts';
import { type ControlReference, controlFrameworks } from '../domain/control-frameworks.ts';
import { ContentFault } from './content-fault.ts';
import { describeProfile } from './describe-profile.ts';
import { createPlainText } from './plain-text.ts';

const MAX_DEPTH = 64;
/** The largest that are published have 2,000. */
const MAX_RULES = 20_000;
const MAX_PROFILES = 500;
const MAX_SELECTS = 20_000;
const MAX_SYSTEMS = 200;
/** Characters of all texts together that are kept. */
const MAX_TEXT = 128 * 1024 * 1024;
/** Of one text. */
const MAX_ONE_TEXT = 100_000;
/** Controls of one framework that a rule refers to; the most that are published have 25. */
const MAX_CONTROLS = 100;

/** A data stream as it was read, without what is known from its bytes alone. */
export type ReadStream = Omit<BenchmarkContent, 'name' | 'digest' | 'size'> & {
  /** Those that a profile selects. */
  readonly rules: readonly BenchmarkRule[];
};

/** Takes a data stream piece by piece. Each throws {@link ContentFault} for what no data stream has. */
export interface StreamReader {
  readonly write: (text: string) => void;
  /** What it was. Throws where it is not whole or has no benchmark. */
  readonly end: () => ReadStream;
}

interface RuleDraft {
  id: string;
  selected: boolean;
  severity: XccdfSeverity;
  section?: string;
  title: string;
  description: string;
  rationale: string;
  fixtext: string;
  fix: string;
  checked: boolean;
  platforms: string[];
  /** By the attribute of their framework. */
  controls: Map<string, Set<string>>;
}

interface ProfileDraft {
  id: string;
  title: string;
  description: string;
  version: string;
  selects: Map<string, boolean>;
}

const SECTION = /^https?:\/\/(www\.)?cisecurity\.org\/(?!controls)/;
const SHELL = 'urn:xccdf:fix:script:sh';
const OVAL = 'http://oval.mitre.org/XMLSchema/oval-definitions-5';
const SCE = 'http://open-scap.org/page/SCE';
/** Elements whose text is kept, by the element that they stand in. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  Benchmark: ['title', 'version', 'status'],
  Profile: ['title', 'description', 'version'],
  Rule: ['title', 'description', 'rationale', 'fixtext', 'fix', 'reference'],
};

/**
 * Reads the first benchmark of a SCAP 1.3 data stream, and of which systems it says it is. A document type or an entity
 * of its own ends it: nothing that is right has one.
 */
export function createStreamReader(): StreamReader {
  const parser = new SaxesParser();
  const way: string[] = [];
  /** Of the dictionary, and of the benchmark itself, which says it for certain. */
  const systems: string[] = [];
  const platforms: string[] = [];
  const rules = new Map<string, RuleDraft>();
  const profiles: ProfileDraft[] = [];
  const benchmark = { id: '', title: '', version: '', date: '', seen: false, over: false };
  const text = createPlainText(MAX_ONE_TEXT);
  let rule: RuleDraft | undefined;
  let profile: ProfileDraft | undefined;
  /** Depth of the element whose text is taken; 0 for none. */
  let taking = 0;
  let takingAttributes: Attributes = {};
  let kept = 0;

  parser.on('doctype', () => {
    throw new ContentFault('it has a document type, which no data stream has');
  });
  parser.on('error', (error) => {
    throw new ContentFault(`its XML is broken or cut short (${error.message.slice(0, 200)})`);
  });
  parser.on('opentag', ({ name: qualified, attributes: given }) => {
    const name = localName(qualified);
    const attributes = given as Attributes;
    const parent = way.at(-1);
    if (way.length === 0 && name !== 'data-stream-collection') {
      throw new ContentFault('it is no SCAP data stream (its root is not data-stream-collection)');
    }
    way.push(name);
    if (way.length > MAX_DEPTH) throw new ContentFault(`it is more than ${MAX_DEPTH} elements deep`);
    if (taking > 0) return text.open(name, attributes);
    if (name === 'cpe-item' && parent === 'cpe-list') {
      if (systems.length < MAX_SYSTEMS) systems.push(short(attributes.name));
    } else if (name === 'Benchmark') {
      if (benchmark.seen) benchmark.over = true;
      else Object.assign(benchmark, { seen: true, id: required(attributes.id, 'benchmark') });
    }
    if (!benchmark.seen || benchmark.over) return;
    if (name === 'Profile' && parent === 'Benchmark') {
      if (profiles.length >= MAX_PROFILES) throw new ContentFault(`it has more than ${MAX_PROFILES} profiles`);
      const id = required(attributes.id, 'profile');
      profile = { id, title: '', description: '', version: '', selects: new Map() };
      profiles.push(profile);
    } else if (name === 'Rule') {
      if (rules.size >= MAX_RULES) throw new ContentFault(`it has more than ${MAX_RULES} rules`);
      rule = newRule(attributes);
      if (rules.has(rule.id)) throw new ContentFault(`it has the rule ${rule.id} twice`);
      rules.set(rule.id, rule);
    } else if (name === 'select' && profile) {
      if (profile.selects.size >= MAX_SELECTS) {
        throw new ContentFault(`a profile selects more than ${MAX_SELECTS} rules`);
      }
      profile.selects.set(short(attributes.idref), attributes.selected !== 'false');
    } else if (name === 'check' && rule) {
      if (attributes.system === OVAL || attributes.system === SCE) rule.checked = true;
    } else if (name === 'platform' && parent === 'Benchmark') {
      const id = short(attributes.idref);
      if (id.startsWith('cpe:') && platforms.length < MAX_SYSTEMS) platforms.push(id);
    } else if (name === 'platform' && parent === 'Rule' && rule) {
      if (rule.platforms.length < 20) rule.platforms.push(short(attributes.idref).replace(/^#/, ''));
    } else if (parent !== undefined && TEXTS[parent]?.includes(name)) {
      taking = way.length;
      takingAttributes = attributes;
      text.start();
    }
  });
  const append = (more: string): void => {
    if (taking > 0) text.append(more);
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', ({ name: qualified }) => {
    const name = localName(qualified);
    if (way.length === taking) {
      taking = 0;
      const value = name === 'fix' ? text.raw() : text.plain();
      kept += keep(name, value);
      if (kept > MAX_TEXT) throw new ContentFault('its texts are longer than any that are published');
    } else if (taking > 0) {
      text.close(name);
    } else if (name === 'Rule') {
      rule = undefined;
    } else if (name === 'Profile') {
      profile = undefined;
    } else if (name === 'Benchmark') {
      benchmark.over = true;
    }
    way.pop();
  });

  /** Returns how many characters it kept. */
  function keep(name: string, value: string): number {
    if (rule) return keepOfRule(rule, name, value, takingAttributes);
    if (profile) {
      if (name === 'title' || name === 'description' || name === 'version') profile[name] = value;
      return value.length;
    }
    if (name === 'title' || name === 'version') benchmark[name] = value;
    else if (name === 'status') benchmark.date = short(takingAttributes.date);
    return value.length;
  }

  return {
    write: (piece) => void parser.write(piece),
    end: () => {
      parser.close();
      if (!benchmark.seen) throw new ContentFault('it has no benchmark');
      const named = platforms.length > 0 ? platforms : systems;
      if (named.length === 0) throw new ContentFault('it does not say for which systems it is');
      const described = profiles.flatMap((draft): BenchmarkProfile[] => {
        const aligned = describeProfile(draft);
        return aligned ? [{ ...aligned, id: draft.id, title: draft.title, rules: selected(draft, rules) }] : [];
      });
      const wanted = new Set(described.flatMap((each) => each.rules));
      return {
        benchmarkId: benchmark.id,
        title: benchmark.title,
        version: benchmark.version,
        ...(/^\d{4}-\d\d-\d\d$/.test(benchmark.date) ? { date: benchmark.date } : {}),
        systems: [...new Set(named)].sort(),
        profiles: described,
        rules: [...rules.values()].filter(({ id }) => wanted.has(id)).map(finished),
      };
    },
  };
}

type Attributes = Readonly<Record<string, string | undefined>>;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const short = (value: SaxesAttributePlain | string | undefined): string => String(value ?? '').slice(0, 512);

/** As XCCDF has identifiers, and as they go into a command line: nothing that could be taken for an option. */
const ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/;

function required(id: string | undefined, what: string): string {
  if (id === undefined || !ID.test(id)) throw new ContentFault(`it has a ${what} whose id is missing or none of XCCDF`);
  return id;
}

const severities: readonly string[] = ['high', 'medium', 'low', 'unknown', 'info'] satisfies XccdfSeverity[];

const newRule = ({ id, selected: on, severity = 'unknown' }: Attributes): RuleDraft => ({
  id: required(id, 'rule'),
  selected: on === 'true',
  severity: severities.includes(severity) ? (severity as XccdfSeverity) : 'unknown',
  title: '',
  description: '',
  rationale: '',
  fixtext: '',
  fix: '',
  checked: false,
  platforms: [],
  controls: new Map(),
});

function keepOfRule(rule: RuleDraft, name: string, value: string, attributes: Attributes): number {
  switch (name) {
    case 'title':
    case 'description':
    case 'rationale':
    case 'fixtext':
      rule[name] = value;
      return value.length;
    case 'fix':
      if (attributes.system !== SHELL || rule.fix !== '') return 0;
      rule.fix = value;
      return value.length;
    case 'reference':
      // Content for several systems names a section for each; the first is this benchmark's.
      if (rule.section === undefined && SECTION.test(attributes.href ?? '') && /^\d[\d.]{0,30}$/.test(value)) {
        rule.section = value;
      }
      return keepControls(rule, attributes.href ?? '', value);
    default:
      return 0;
  }
}

/** As frameworks number their controls: `AC-6(5)`, `164.308(a)(1)(ii)(D)`, `CIP-003-8 R5.1.1`. */
const CONTROL = /^[A-Za-z0-9][A-Za-z0-9 ._()/:-]{0,63}$/;

/** One reference may name several controls. Returns how many characters it kept. */
function keepControls({ controls }: RuleDraft, href: string, value: string): number {
  const framework = controlFrameworks.find((each) => each.href.test(href.slice(0, 512)));
  if (!framework) return 0;
  const known = controls.get(framework.attribute) ?? new Set();
  controls.set(framework.attribute, known);
  let kept = 0;
  for (const part of value.split(/[,;]/)) {
    const control = part.trim();
    if (known.size >= MAX_CONTROLS || known.has(control) || !CONTROL.test(control)) continue;
    known.add(control);
    kept += control.length;
  }
  return kept;
}

/** In the order of the frameworks, those that it refers to. */
const referencesOf = (controls: RuleDraft['controls']): ControlReference[] =>
  controlFrameworks.flatMap(({ attribute }) => {
    const named = [...(controls.get(attribute) ?? [])];
    return named.length > 0 ? [{ attribute, controls: named }] : [];
  });

const selected = ({ selects }: ProfileDraft, rules: ReadonlyMap<string, RuleDraft>): string[] =>
  [...rules.values()].filter((rule) => selects.get(rule.id) ?? rule.selected).map(({ id }) => id);

const finished = ({
  fixtext,
  fix,
  checked,
  selected: _,
  section,
  platforms,
  controls,
  ...rule
}: RuleDraft): BenchmarkRule => ({
  ...rule,
  ...(section === undefined ? {} : { section }),
  fix: fixtext || fix,
  ...(checked ? {} : { manual: true as const }),
  ...(platforms.length > 0 ? { platforms } : {}),
  ...(controls.size > 0 ? { controls: referencesOf(controls) } : {}),
});
