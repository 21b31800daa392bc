import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, note, readText } from '../collection.ts';
import { listDirectory } from '../host/list-directory.ts';

type Sysctl = EvidenceData<'sysctls'>['sysctls'][number];

const GENERAL = ['net.ipv4.ip_forward', 'net.ipv6.bindv6only'];
const BY_INTERFACE = {
  ipv4: ['rp_filter', 'route_localnet', 'forwarding', 'arp_ignore'],
  ipv6: ['disable_ipv6', 'forwarding'],
} as const;
const MAX_INTERFACES = 1000;

/** The kernel's parameters that decide whether a packet is taken, passed on or dropped before any rule sees it. */
export async function collectSysctls(collection: Collection): Promise<EvidenceData<'sysctls'> | undefined> {
  const sysctls: Sysctl[] = [];
  const add = async (name: string, path: string): Promise<void> => {
    const text = await readText(collection, path, { maxBytes: 4096, optional: true, digest: false });
    if (text !== undefined) sysctls.push({ name: bounded(name, 256), value: bounded(text.trim(), 256) });
  };
  for (const name of GENERAL) await add(name, `/proc/sys/${name.replaceAll('.', '/')}`);
  for (const [family, parameters] of Object.entries(BY_INTERFACE)) {
    const directory = `/proc/sys/net/${family}/conf`;
    const names = await listDirectory(collection.host, directory, MAX_INTERFACES + 2);
    if (!names.ok) {
      // A kernel without IPv6 has no such directory.
      if (family === 'ipv4') note(collection, names.code, directory, names.detail);
      continue;
    }
    for (const name of names.value) {
      for (const parameter of parameters)
        await add(`net.${family}.conf.${name}.${parameter}`, `${directory}/${name}/${parameter}`);
    }
  }
  return sysctls.length === 0 ? undefined : { sysctls };
}
