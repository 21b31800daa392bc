import { JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf, tokenOf } from '../hostile-value.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { fileBytes } from './file-bytes.ts';
import { textLines } from './text-lines.ts';

const MAX_LINE = 256 * 1024 * 1024;
const MAX_ADVISORIES = 100_000;
const MAX_PACKAGES = 200_000;
const MAX_CVES = 10_000;

type Members = Readonly<Record<string, unknown>>;

/**
 * Advisories of Rocky Linux's errata API (https://apollo.build.resf.org/api/v3/advisories/): pages of it, or a line for each
 * advisory. Beside the security advisories, which OSV has too, these are bug fixes and enhancements (RLBA, RLEA), some of
 * which fix a CVE that no other names.
 */
export async function* rockyErrataFile(path: string): AsyncGenerator<FeedOutcome> {
  for await (const line of textLines(fileBytes(path), MAX_LINE)) {
    const where = `line ${line.number}`;
    try {
      if ('fault' in line) throw new FeedFault(`it ${line.fault}`);
      const value = objectOf(parsed(line.text), 'it');
      const page = member(value, 'advisories');
      const advisories = page === undefined ? [value] : listOf(page, 'advisories', MAX_ADVISORIES);
      for (const [index, each] of advisories.entries()) yield* outcomeOf(each, `${where}, advisory ${index + 1}`);
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      yield { refusal: 'unreadable', what: where, reason: error.message };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw new FeedFault(error instanceof JsonBoundsFault ? `it ${error.message}` : 'it is no JSON');
  }
}

function* outcomeOf(value: unknown, where: string): Generator<FeedOutcome> {
  let what = where;
  try {
    const advisory = objectOf(value, 'the advisory');
    what = tokenOf(member(advisory, 'name'), 'name', 100);
    const cves = listOf(member(advisory, 'cves'), 'cves', MAX_CVES).map((each) => objectOf(each, 'a CVE'));
    const ids = cves.flatMap((each) => cveOf(String(member(each, 'cve') ?? '')) ?? []);
    if (ids.length === 0) {
      yield { refusal: 'names no CVE', what, reason: 'it names no CVE' };
      return;
    }
    const packages = listOf(member(advisory, 'packages'), 'packages', MAX_PACKAGES).map((each) =>
      objectOf(each, 'a package'),
    );
    const affected = affectedBy(packages);
    // Of a product beside Rocky Linux itself, which no host is.
    if (affected.length === 0) return;
    yield parseOsv(asOsv(what, advisory, { cves, ids, packages, affected }), what);
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    yield { refusal: 'unreadable', what, reason: error.message };
  }
}

/** `delve-0:1.25.2-1.el10_1.src.rpm` of `Rocky Linux 10 aarch64`, once. */
function affectedBy(packages: readonly Members[]): readonly object[] {
  const found = new Map<string, object>();
  for (const each of packages) {
    const [, major] = /^Rocky Linux (\d{1,2})(?:\.\d+)? /.exec(String(member(each, 'product_name') ?? '')) ?? [];
    const nevra = tokenOf(member(each, 'nevra'), 'nevra', 500);
    if (major === undefined || !nevra.endsWith('.src.rpm')) continue;
    const [, name, fixed] = /^(.+)-(\d+:[^-:]+-[^-:]+)\.src\.rpm$/.exec(nevra) ?? [];
    if (name === undefined || fixed === undefined) throw new FeedFault('a source package has no version');
    const ecosystem = `Rocky Linux:${major}`;
    found.set(`${ecosystem} ${nevra}`, {
      package: { ecosystem, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    });
  }
  return [...found.values()];
}

interface Parts {
  readonly cves: readonly Members[];
  readonly ids: readonly string[];
  readonly packages: readonly Members[];
  readonly affected: readonly object[];
}

function asOsv(id: string, advisory: Members, { cves, ids, packages, affected }: Parts): object {
  const scored = cves.toSorted((a, b) => scoreOf(b) - scoreOf(a))[0];
  const vector = scored && scoreOf(scored) > 0 ? member(scored, 'cvss3_scoring_vector') : undefined;
  return {
    id,
    summary: summaryOf(advisory, packages),
    details: member(advisory, 'description'),
    modified: member(advisory, 'updated_at'),
    published: member(advisory, 'published_at'),
    upstream: ids,
    severity: vector === undefined ? [] : [{ type: 'CVSS_V3', score: vector }],
    affected,
  };
}

const scoreOf = (cve: Members): number => Number(member(cve, 'cvss3_base_score')) || 0;

/** Its title, with the streams of modules where that leaves them out: a fix of one stream is none of another. */
function summaryOf(advisory: Members, packages: readonly Members[]): string {
  const synopsis = String(member(advisory, 'synopsis') ?? '');
  const streams = new Set(
    packages.flatMap((each) => {
      const [name, stream] = [member(each, 'module_name'), member(each, 'module_stream')];
      return typeof name === 'string' && typeof stream === 'string' ? [`${name}:${stream}`.slice(0, 100)] : [];
    }),
  );
  const unsaid = [...streams].filter((stream) => !synopsis.includes(stream)).sort();
  return unsaid.length === 0 ? synopsis : `${synopsis} (${unsaid.slice(0, 5).join(', ')})`;
}
