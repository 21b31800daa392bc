import { expect, test } from 'vitest';
import { collect } from '../../../packages/agent/src/collect.ts';
import type { Host } from '../../../packages/agent/src/host.ts';
import { openHost } from '../../../packages/agent/src/open-host.ts';

/** This host, on which `ip` answers so. */
const hostWith = async (stdout: string): Promise<Host> => ({
  ...(await openHost()),
  run: async () => ({ ok: true, value: { exitCode: 0, stdout, stderr: '' } }),
});

test('what `ip` answers is believed only in its own form', async () => {
  const nonsense = ['', '{', '{}', '[{"ifname":3}]', '[{"ifname":"lo","addr_info":[{"prefixlen":999}]}]'];
  for (const stdout of nonsense) {
    const { data, limitations } = await collect('interfaces', await hostWith(stdout));
    expect(data?.interfaces.length).toBeGreaterThan(0);
    const silent = data?.interfaces.filter(({ addresses }) => addresses.length === 0) ?? [];
    // A host whose interfaces all run is not asked at all.
    expect(limitations.length, stdout).toBe(silent.length > 0 ? 1 : 0);
  }
});
