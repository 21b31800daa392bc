import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import { debianRecord } from '../support/debian-host.ts';
import { openVulnerableFleet, region, type VulnerableFleet } from '../support/vulnerable-fleet.ts';
import { runAssay } from './run-assay.ts';

let fleet: VulnerableFleet;
let host: Agent;
let run: string;
beforeAll(async () => {
  fleet = await openVulnerableFleet();
  await fleet.feed([
    debianRecord('CVE-2023-5363', 'openssl', '3.0.11-1~deb12u2'),
    debianRecord('CVE-2020-1000', 'openssl', '3.0.0-1'),
    debianRecord('CVE-2024-9999', 'nginx', null),
  ]);
  const [agent] = await fleet.addHosts(1);
  if (!agent) throw new Error('no host');
  host = agent;
  run = await fleet.assess([[host, [{ name: 'libssl3', version: '3.0.9-1', source: 'openssl' }]]]);
});
afterAll(() => fleet.close());

const why = (...args: string[]) => runAssay(['why', ...args, '--data-dir', fleet.directory, '--region', region]);

test('affected: the package, the comparison that decided, the record and its link', async () => {
  const { status, stdout, stderr } = await why('host-0', 'cve-2023-5363');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/^host-0 \(i-[0-9a-f]{17}\) {2}CVE-2023-5363 {2}affected\n/);
  expect(stdout).toContain('libssl3 3.0.9-1 (source openssl): affected, fixed in 3.0.11-1~deb12u2');
  expect(stdout).toContain('DEBIAN-CVE-2023-5363 for Debian:12: 3.0.9-1 < 3.0.11-1~deb12u2');
  expect(stdout).toContain('https://security-tracker.debian.org/tracker/CVE-2023-5363');
  expect(stdout).toContain('Advisories that the run was judged by: Debian of 2023-11-14');
  for (const line of stdout.split('\n').slice(0, -2)) expect(line.length).toBeLessThanOrEqual(80);
});

test('not affected: by the version, or because nothing of it is installed', async () => {
  const fixed = await why(host.id, 'CVE-2020-1000');
  expect(fixed.status).toBe(0);
  expect(fixed.stdout).toContain('libssl3 3.0.9-1 (source openssl): not affected');
  const absent = await why(host.id, 'CVE-2024-9999', '--run', run);
  expect(absent.status).toBe(0);
  expect(absent.stdout).toContain('DEBIAN-CVE-2024-9999 names no package that is installed here');
});

test('--json', async () => {
  const answer = JSON.parse((await why('HOST-0', 'CVE-2023-5363', '--json')).stdout);
  expect(answer).toMatchObject({
    cve: 'CVE-2023-5363',
    outcome: 'AFFECTED',
    host: { agentId: host.id, hostname: 'host-0' },
    runArn: expect.stringContaining(run),
    advisories: { of: 'run', feeds: [{ name: 'Debian' }] },
    packages: [{ name: 'libssl3', sourceName: 'openssl', state: 'FIX_AVAILABLE' }],
  });
});

describe('what cannot be answered is said in one line', () => {
  test.each([
    [['nobody', 'CVE-2023-5363'], 'No host is called nobody'],
    [['host-0', 'CVE-1'], 'no verdict on CVE-1'],
    [['host-0', 'CVE-2023-5363', '--run', '0-AAAAAAAA'], 'There is no run 0-AAAAAAAA'],
    [['host-0', 'CVE-2023-5363', '--run', 'last'], 'neither the ARN of an assessment run nor the id of one'],
  ])('%j', async (args, message) => {
    const { status, stderr } = await why(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
