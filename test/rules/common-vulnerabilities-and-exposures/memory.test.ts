import { expect, test } from 'vitest';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { commonVulnerabilitiesAndExposures as rules } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/index.ts';
import { memory } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/memory.ts';
import { at, debianCve, hostOf, installed, verdictsOf } from './hosts.ts';

const none = () => advisoriesFromRecords([]);

test('a key is concluded once for each set of advisories', async () => {
  const [one, other] = [await none(), await none()];
  const remembered = memory<string>(2);
  expect(remembered(one, 'a', () => 'first')).toBe('first');
  expect(remembered(one, 'a', () => 'again')).toBe('first');
  expect(remembered(other, 'a', () => 'of others')).toBe('of others');
});

test('the key longest unused goes first', async () => {
  const advisories = await none();
  const remembered = memory<string>(2);
  for (const key of ['a', 'b', 'a', 'c']) remembered(advisories, key, () => key);
  expect(remembered(advisories, 'a', () => 'made again')).toBe('a');
  expect(remembered(advisories, 'b', () => 'made again')).toBe('made again');
});

test('what one host had is not said of another that differs in anything', async () => {
  const records = [
    debianCve('CVE-2024-0001', 'alpha', '2'),
    debianCve('CVE-2024-0001', 'linux', '6.1.9-1'),
    debianCve('CVE-2024-0002', 'beta'),
  ];
  const image = 'linux-image-6.1.0-1-amd64 6.1.1-1 < linux-signed-amd64 6.1.1+1';
  const next = 'linux-image-6.1.0-9-amd64 6.1.9-1 < linux-signed-amd64 6.1.9+1';
  const hosts = [
    hostOf(installed('alpha 1')),
    hostOf(installed('alpha 1.5')),
    hostOf(installed('alpha 2')),
    hostOf(installed('libalpha 1 < alpha 1')),
    hostOf(installed('libalpha 1 < alpha 1.5')),
    hostOf(installed('libalpha 1.5 < alpha 1')),
    hostOf(installed('alpha 1', 'libalpha 1 < alpha 1')),
    hostOf(installed('alpha 1', 'beta 1')),
    hostOf(installed('alpha 1'), { os: { versionId: '11' } }),
    hostOf(installed(image), { uname: '6.1.0-1-amd64' }),
    hostOf(installed(image)),
    hostOf(installed(image, next), { uname: '6.1.0-1-amd64' }),
    hostOf(installed(image, next), { uname: '6.1.0-9-amd64' }),
  ];
  const shared = await advisoriesFromRecords(records);
  for (const evidence of [...hosts, ...hosts.toReversed()]) {
    expect(rules.evaluate(evidence, { advisories: shared, at })).toEqual(await verdictsOf(evidence, records));
  }
});
