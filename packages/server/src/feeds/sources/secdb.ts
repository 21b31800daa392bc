import { FeedFault } from '../feed-fault.ts';
import { listOf, member, objectOf, tokenOf } from '../hostile-value.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { inRepository } from './in-repository.ts';
import { wholeJson } from './whole-json.ts';

const MAX_BYTES = 128 * 1024 * 1024;
const MAX_PACKAGES = 100_000;
const MAX_FIXES = 10_000;

/**
 * Alpine's secdb (https://secdb.alpinelinux.org/): `distroversion`, `reponame`, and each package's `secfixes`, a version
 * with the ids that it fixes; version "0" says not affected. It has no dates: records are of the epoch's, so that any
 * other source of the same CVE tells more.
 */
export async function* secdbFile(path: string): AsyncGenerator<FeedOutcome> {
  const secdb = objectOf(await wholeJson(path, MAX_BYTES), 'the secdb');
  const version = tokenOf(member(secdb, 'distroversion'), 'distroversion', 40);
  if (!/^(v\d+\.\d+|edge)$/.test(version)) throw new FeedFault('distroversion is not like v3.20');
  const ecosystem = `Alpine:${version}`;
  const repository = tokenOf(member(secdb, 'reponame') ?? 'main', 'reponame', 40);
  for (const [index, each] of listOf(member(secdb, 'packages'), 'packages', MAX_PACKAGES).entries()) {
    try {
      const pkg = objectOf(member(objectOf(each, 'a package'), 'pkg'), 'pkg');
      const name = tokenOf(member(pkg, 'name'), 'pkg.name');
      for (const [fixed, ids] of Object.entries(objectOf(member(pkg, 'secfixes') ?? {}, 'secfixes'))) {
        for (const text of listOf(ids, 'secfixes', MAX_FIXES))
          yield* outcomesOf({ ecosystem, repository }, name, fixed, text);
      }
    } catch (error) {
      if (!(error instanceof FeedFault)) throw error;
      yield { refusal: 'unreadable', what: `package ${index + 1}`, reason: error.message };
    }
  }
}

/** One text may name several ids: `CVE-2019-1 XSA-2`. Those that are not of a CVE are said. */
function* outcomesOf(
  { ecosystem, repository }: { readonly ecosystem: string; readonly repository: string },
  name: string,
  fixed: string,
  text: unknown,
): Generator<FeedOutcome> {
  if (typeof text !== 'string') throw new FeedFault('an id is no text');
  const ids = text
    .slice(0, 1000)
    .split(/[\s,+()]+/)
    .filter(Boolean);
  const cves = ids.map((id) => id.replaceAll('_', '-').toUpperCase()).filter((id) => /^CVE-\d{4}-\d{4,10}$/.test(id));
  if (cves.length === 0) {
    yield { refusal: 'names no CVE', what: `${name} ${ids[0] ?? ''}`.trim().slice(0, 100), reason: 'it names no CVE' };
  }
  for (const cve of cves) {
    const events = [{ introduced: '0' }, { fixed }];
    const osv = {
      id: `ALPINE-${cve}`,
      modified: '1970-01-01T00:00:00Z',
      affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    };
    yield inRepository(parseOsv(osv, name), repository);
  }
}
