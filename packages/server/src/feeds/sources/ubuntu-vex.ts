import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { FeedFault } from '../feed-fault.ts';
import { instantOf, listOf, member, objectOf, tokenOf } from '../hostile-value.ts';
import type { FeedOutcome, TrackerStatement } from '../imported-record.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { fileBytes } from './file-bytes.ts';
import { tarEntries } from './tar-entries.ts';
import { ubuntuEcosystem } from './ubuntu-ecosystem.ts';

/** The longest document: one of the kernel, with each binary package of each of its builds, is under 8 MiB. */
const MAX_DOCUMENT = 32 * 1024 * 1024;
const MAX_STATEMENTS = 10_000;
const MAX_PRODUCTS = 200_000;

/**
 * Canonical's VEX (https://security-metadata.canonical.com/vex/vex-all.tar.xz): an OpenVEX document for each CVE. It says of
 * each source package of each release what OSV's records do not: that it will not be fixed, is not affected, or is still
 * looked into. The version of a product is the one that its archive has now and no fix, so fixes are the records' to say.
 */
export async function* ubuntuVexFile(path: string): AsyncGenerator<FeedOutcome> {
  const strange = new Set<string>();
  for await (const entry of tarEntries(fileBytes(path), MAX_DOCUMENT)) {
    // Beside those of CVEs are those of announcements, which say what is fixed.
    const what = /(?:^|\/)cve\/(?:\d+\/)?([^/]+)\.json$/.exec(entry.name)?.[1]?.slice(0, 100);
    if (what === undefined) continue;
    if ('fault' in entry) {
      yield { refusal: 'unreadable', what, reason: `it ${entry.fault}` };
      continue;
    }
    try {
      yield* statementsOf(parsed(entry.bytes), what, strange);
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      yield { refusal: 'unreadable', what, reason: error.message };
    }
  }
  for (const distro of [...strange].slice(0, 100)) {
    yield { refusal: 'unreadable', what: distro, reason: 'it is no release that is known', elsewhere: true };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The product that a binary package is: nine of ten bytes are such, so that a document is read six times as fast without
 * them. Quotes within a text are escaped, so that this is never within one.
 */
const BINARY = /\{\s*"@id":\s*"pkg:deb\/ubuntu\/[^"\\?]{1,300}\?arch=(?!source)[^"\\]{1,300}"\s*\}/g;

function parsed(bytes: Buffer): unknown {
  try {
    return parseBoundedJson(utf8.decode(bytes).replaceAll(BINARY, '0'));
  } catch (error) {
    throw new FeedFault(error instanceof JsonBoundsFault ? `it ${error.message}` : 'it is no JSON');
  }
}

interface Said {
  readonly ecosystem: string;
  readonly name: string;
  readonly statement: Statement;
}

type Statement = Exclude<TrackerStatement, { readonly fixed: string }> & { readonly urgency?: string };

function* statementsOf(value: unknown, what: string, strange: Set<string>): Generator<FeedOutcome> {
  const document = objectOf(value, 'the document');
  const { timestamp } = objectOf(member(document, 'metadata') ?? document, 'metadata');
  const asOf = instantOf(typeof timestamp === 'string' ? timestamp.slice(0, 19) : undefined);
  const said = new Map<string, Said>();
  let cve: string | undefined;
  for (const each of listOf(member(document, 'statements'), 'statements', MAX_STATEMENTS)) {
    const statement = objectOf(each, 'a statement');
    const named = objectOf(member(statement, 'vulnerability'), 'a vulnerability');
    cve = cveOf(tokenOf(member(named, 'name'), 'the name of a vulnerability', 100));
    if (cve === undefined) throw new FeedFault('a vulnerability is no CVE');
    if (cve !== what) throw new FeedFault(`it is about ${cve}`);
    const meaning = meaningOf(statement);
    if (!meaning) continue;
    for (const product of listOf(member(statement, 'products'), 'products', MAX_PRODUCTS)) {
      // Cut out above.
      if (product === 0) continue;
      const source = sourceOf(member(objectOf(product, 'a product'), '@id'));
      if (!source) continue;
      const ecosystem = ubuntuEcosystem(source.distro);
      if (ecosystem === undefined) {
        strange.add(source.distro.slice(0, 60));
        continue;
      }
      const key = `${ecosystem}\0${source.name}`;
      const other = said.get(key);
      // Of two pockets of one release what asks most for an action counts.
      if (other && rankOf(other.statement) <= rankOf(meaning)) continue;
      said.set(key, { ecosystem, name: source.name, statement: meaning });
    }
  }
  for (const { ecosystem, name, statement } of said.values()) {
    if (cve === undefined) continue;
    const item = { kind: 'disposition', ecosystem, package: name, cve, ...statement } as const;
    yield { item, ...(asOf !== undefined && { asOf }) };
  }
}

const ranks = ['WILL_NOT_FIX', 'END_OF_LIFE', 'DEFERRED', 'UNDER_INVESTIGATION', 'NOT_AFFECTED'];
/** Undecided and to be fixed first, then as listed. */
const rankOf = ({ disposition }: Statement): number => (disposition === undefined ? -1 : ranks.indexOf(disposition));

/** Undefined for what is fixed, and for releases that do not have the package. Throws {@link FeedFault}. */
function meaningOf(statement: Readonly<Record<string, unknown>>): Statement | undefined {
  const text = (name: string): string => {
    const value = member(statement, name);
    return typeof value === 'string' ? value.slice(0, 2000) : '';
  };
  const notes = `${text('status_notes')} ${text('action_statement')} ${text('impact_statement')}`;
  const priority = /as of (critical|high|medium|low|negligible) priority/i.exec(notes)?.[1]?.toLowerCase();
  const urgency = priority === undefined ? {} : { urgency: priority };
  switch (member(statement, 'status')) {
    case 'affected':
      return { ...actionOf(text('action_statement')), ...urgency };
    case 'not_affected':
      return text('justification') === 'component_not_present'
        ? undefined
        : { disposition: 'NOT_AFFECTED', ...urgency };
    case 'under_investigation':
      return { disposition: 'UNDER_INVESTIGATION', ...urgency };
    case 'fixed':
      return undefined;
    default:
      throw new FeedFault('a status is not known');
  }
}

/** What Canonical means to do, by the sentence that its tracker has for each of its states. */
function actionOf(text: string): Statement {
  if (/decided (?:to not|not to) fix/i.test(text)) return { disposition: 'WILL_NOT_FIX' };
  if (/no longer supported/i.test(text)) return { disposition: 'END_OF_LIFE' };
  if (/\b(?:deferred|postponed)\b/i.test(text)) return { disposition: 'DEFERRED' };
  return {};
}

/** `pkg:deb/ubuntu/curl@7.81.0-1ubuntu1.20?arch=source&distro=jammy`; binary packages are left out. Throws {@link FeedFault}. */
function sourceOf(purl: unknown): { readonly name: string; readonly distro: string } | undefined {
  const text = tokenOf(purl, 'a product', 500);
  const [, name, qualifiers = ''] = /^pkg:deb\/ubuntu\/([^@?#/]+)(?:@[^?#]*)?(?:\?([^#]*))?$/.exec(text) ?? [];
  if (name === undefined) throw new FeedFault('a product is no package of Ubuntu');
  const of = new URLSearchParams(qualifiers.replaceAll('+', '%2B'));
  if (of.get('arch') !== 'source') return undefined;
  const distro = of.get('distro');
  if (distro === null) throw new FeedFault('a product is of no release');
  return { name: tokenOf(decoded(name), 'the name of a package'), distro };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new FeedFault('a product is no package of Ubuntu');
  }
}
