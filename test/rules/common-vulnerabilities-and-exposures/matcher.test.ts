import { expect, test } from 'vitest';
import type { Advisories } from '../../../packages/server/src/domain/advisories.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { releaseOf } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/ecosystems.ts';
import {
  createMatcher,
  matcherOf,
  type Question,
} from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/matcher.ts';
import { debianCve } from './hosts.ts';

const question = (name: string, version: string): Question => {
  const release = releaseOf({ id: 'debian', idLike: [], versionId: '12', hostname: 'h', architecture: 'x86_64' });
  if ('reason' in release) throw new Error(release.reason);
  return { release, lookup: { name, version, epochKnown: true }, subscribed: false };
};

async function counted(): Promise<{ advisories: Advisories; asked: string[] }> {
  const advisories = await advisoriesFromRecords([debianCve('CVE-2024-0001', 'openssl', '2.0')]);
  const asked: string[] = [];
  const affected: Advisories['affected'] = (ecosystem, name) => {
    asked.push(name);
    return advisories.affected(ecosystem, name);
  };
  return { advisories: { ...advisories, affected }, asked };
}

test('what hosts share is matched once', async () => {
  const { advisories, asked } = await counted();
  const { match } = createMatcher(advisories);
  const first = match(question('openssl', '1.0'));
  expect(first.map(({ cve, fixed }) => [cve, fixed])).toEqual([['CVE-2024-0001', '2.0']]);
  expect(match(question('openssl', '1.0'))).toBe(first);
  expect(asked).toEqual(['openssl']);
  expect(match(question('openssl', '2.0'))).toEqual([]);
  expect(asked).toEqual(['openssl', 'openssl']);
});

test('what it remembers is bounded, the oldest forgotten first', async () => {
  const { advisories, asked } = await counted();
  const { match } = createMatcher(advisories);
  for (let index = 0; index <= 40_000; index++) match(question('other', `1.${index}`));
  asked.length = 0;
  match(question('other', '1.40000'));
  expect(asked).toEqual([]);
  match(question('other', '1.0'));
  expect(asked).toEqual(['other']);
});

test('one for each advisories, for as long as they live', async () => {
  const [{ advisories: one }, { advisories: another }] = [await counted(), await counted()];
  expect(matcherOf(one)).toBe(matcherOf(one));
  expect(matcherOf(one)).not.toBe(matcherOf(another));
});
