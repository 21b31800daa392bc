import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import { openVulnerableFleet, region, type VulnerableFleet } from '../support/vulnerable-fleet.ts';
import { runAssay } from './run-assay.ts';

const record = (id: string, cve: string, releases: readonly string[], fixed: string): object => ({
  id,
  modified: '2023-11-01T00:00:00Z',
  summary: 'openssl - security update',
  upstream: [cve],
  affected: releases.map((release) => ({
    package: { ecosystem: `Debian:${release}`, name: 'openssl' },
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
  })),
});
const CVE = 'CVE-2023-2000';

let fleet: VulnerableFleet;
let hosts: readonly Agent[];
let run: string;
beforeAll(async () => {
  fleet = await openVulnerableFleet();
  await fleet.feed([
    record('DEBIAN-CVE-2023-1000', 'CVE-2023-1000', ['11', '12'], '3.0.8-1'),
    // Of Debian 11 alone, and no record of Debian tells of Debian 12.
    record('DLA-1000-1', CVE, ['11'], '3.0.10-1'),
  ]);
  hosts = await fleet.addHosts(3);
  const [lacking, fixed, without] = hosts;
  if (!lacking || !fixed || !without) throw new Error('no hosts');
  run = await fleet.assess([
    [lacking, [{ name: 'libssl3', version: '3.0.9-1', source: 'openssl' }]],
    [fixed, [{ name: 'libssl3', version: '3.0.10-1', source: 'openssl' }]],
    [without, [{ name: 'bash', version: '5.2.15-2' }]],
  ]);
});
afterAll(() => fleet.close());

const here = (...args: string[]) => runAssay([...args, '--data-dir', fleet.directory]);
const reason =
  "Debian's security tracker has no record of CVE-2023-2000, which DLA-1000-1 fixed in openssl 3.0.10-1 of Debian:11";

test('feeds gaps counts the hosts that lack the fix, and them alone', async () => {
  const { status, stdout, stderr } = await here('feeds', 'gaps', '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ ecosystem: 'Debian:12', cve: CVE, package: 'openssl', hosts: 1, why: reason }),
    expect.objectContaining({ ecosystem: 'Debian:11', cve: CVE, package: 'openssl', hosts: 0, why: reason }),
  ]);
});

test('a run does not assess the CVE on exactly those hosts, with that reason', async () => {
  const { stdout } = await here('coverage', run, '--all', '--json', '--region', region);
  const { all } = JSON.parse(stdout) as { all: { agentId: string; rule: string; outcome: string }[] };
  const own = all.filter(({ rule, outcome }) => rule === CVE && outcome !== 'NOT_APPLICABLE');
  expect(own).toEqual([
    expect.objectContaining({
      agentId: hosts[0]?.id,
      outcome: 'NOT_ASSESSED',
      reason: expect.stringContaining(`libssl3 3.0.9-1 may be affected: ${reason}`),
    }),
  ]);
});

test.each<[number, number, string | RegExp]>([
  [0, 2, 'not assessed'],
  [1, 0, 'not affected'],
  [2, 0, 'not affected'],
])('why says so of host %i', async (index, expected, outcome) => {
  const { status, stdout } = await here('why', hosts[index]?.id ?? '', CVE, '--region', region);
  expect(stdout.split('\n')[0]).toContain(outcome);
  expect(status).toBe(expected);
  const words = stdout.replaceAll(/\s+/g, ' ');
  if (index === 0) expect(words).toContain(reason);
  else expect(words).not.toContain('has no record');
});
