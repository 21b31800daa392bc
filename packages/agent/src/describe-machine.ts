import { createHmac } from 'node:crypto';
import type { HostDescription } from '@assay/model/agent-protocol.ts';
import { readRegularFile } from './host/read-regular-file.ts';
import type { Host } from './host.ts';

/** machine-id(5): the second is where it was before /etc had it. */
const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * Which machine this is, and which boot of it. The machine id is confidential (machine-id(5)): what is sent is its
 * HMAC-SHA-256 over a text of ours, from which nobody gets it back, cut to 128 bits.
 */
export async function describeMachine(host: Host): Promise<Pick<HostDescription, 'machineId' | 'bootId'>> {
  let machineId: string | undefined;
  for (const path of MACHINE_ID_FILES) machineId ??= await readId(host, path);
  const bootId = await readId(host, '/proc/sys/kernel/random/boot_id');
  return {
    ...(machineId && {
      machineId: createHmac('sha256', Buffer.from(machineId, 'hex')).update('assay-agent').digest('hex').slice(0, 32),
    }),
    ...(bootId && { bootId }),
  };
}

/** 128 bits in hex, with or without hyphens; undefined for anything else, such as `uninitialized`. */
async function readId(host: Host, path: string): Promise<string | undefined> {
  const read = await readRegularFile(host, path, 256);
  const text = read.ok ? read.value.toString('latin1').trim().replaceAll('-', '').toLowerCase() : '';
  return /^[0-9a-f]{32}$/.test(text) && !/^0+$/.test(text) ? text : undefined;
}
