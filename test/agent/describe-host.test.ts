import { hostname } from 'node:os';
import { describeHost } from '@assay/agent/describe-host.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { HostDescription } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { expect, test } from 'vitest';
import { fixtureHost } from './fixture-host.ts';

const GIVEN = { tags: [{ key: 'Name', value: 'web' }], agentVersion: '0.1.0' };

test('describes this host', async () => {
  const description = await describeHost(await openHost(), GIVEN);
  expect(check(HostDescription, description)).toEqual([]);
  expect(description).toMatchObject({ ...GIVEN, hostname: hostname(), privileged: process.geteuid?.() === 0 });
  expect(description.kernelVersion).not.toBe('');
});

test('describes another root by its own words only', async () => {
  const host = fixtureHost({ 'etc/os-release': 'ID=alpine\nVERSION_ID=3.20\n', 'etc/hostname': 'box\n' });
  expect(await describeHost(host, GIVEN)).toEqual({
    ...GIVEN,
    hostname: 'box',
    operatingSystem: 'alpine 3.20',
    collects: Object.keys(evidenceKinds),
    privileged: process.geteuid?.() === 0,
  });
});

test('a root without anything is still described', async () => {
  const description = await describeHost(fixtureHost({}), GIVEN);
  expect(check(HostDescription, description)).toEqual([]);
  expect(description).toMatchObject({ hostname: '', operatingSystem: 'unknown' });
});
