import { networkInterfaces } from 'node:os';
import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import { check } from '@assay/model/check.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { parse } from '@assay/model/parse.ts';
import { integer, list, string, structure } from '@assay/model/shape.ts';
import { bounded, type Collection, fitList, note, noteRefusal, recordSource } from '../collection.ts';
import { listDirectory } from '../host/list-directory.ts';
import { readRegularFile } from '../host/read-regular-file.ts';

type Interface = EvidenceData<'interfaces'>['interfaces'][number];

const DIRECTORY = '/sys/class/net';
/** net_device_flags of linux/if.h. */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;

/** /sys knows every interface, the system call only the addresses of those that run. */
export async function collectInterfaces(collection: Collection): Promise<EvidenceData<'interfaces'> | undefined> {
  const found = new Map<string, Interface>();
  const names = await listDirectory(collection.host, DIRECTORY);
  if (!names.ok) noteRefusal(collection, DIRECTORY, names);
  else {
    recordSource(collection, DIRECTORY);
    for (const name of names.value) {
      const seen = await readInterface(collection, bounded(name, 256));
      if (seen) found.set(seen.name, seen);
    }
  }
  if (collection.host.root === '/') await addAddresses(collection, found);
  else note(collection, 'UNSUPPORTED', 'addresses', 'only the running kernel of / can be asked');
  const interfaces = [...found.values()];
  if (interfaces.length === 0) return undefined;
  return { interfaces: fitList(collection, interfaces, 1000, 'interfaces') };
}

/** Undefined for the directory's plain files, such as `bonding_masters`. */
async function readInterface(collection: Collection, name: string): Promise<Interface | undefined> {
  const attribute = async (file: string): Promise<string | undefined> => {
    const read = await readRegularFile(collection.host, `${DIRECTORY}/${name}/${file}`, 4096);
    if (read.ok) return read.value.toString('utf8').trim();
    if (read.code !== 'NOT_PRESENT') noteRefusal(collection, `${DIRECTORY}/${name}/${file}`, read);
    return undefined;
  };
  const flags = Number(await attribute('flags'));
  if (!Number.isInteger(flags)) return undefined;
  const macAddress = bounded((await attribute('address')) ?? '', 64) || undefined;
  const number = async (file: string): Promise<number | undefined> => {
    const text = await attribute(file);
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const [index, group] = [await number('ifindex'), await number('netdev_group')];
  return {
    name,
    macAddress,
    index,
    group,
    loopback: (flags & IFF_LOOPBACK) !== 0,
    up: (flags & IFF_UP) !== 0,
    addresses: [],
  };
}

async function addAddresses(collection: Collection, found: Map<string, Interface>): Promise<void> {
  recordSource(collection, 'getifaddrs(3)');
  const running = new Set<string>();
  for (const [label, entries = []] of Object.entries(networkInterfaces())) {
    // `eth0:1` is a label on an address of eth0.
    const name = bounded(found.has(label) ? label : (label.split(':')[0] ?? label), 256);
    running.add(name);
    const [first] = entries;
    const seen = found.get(name) ?? {
      name,
      macAddress: first?.mac,
      loopback: first?.internal ?? false,
      up: true,
      addresses: [],
    };
    found.set(name, seen);
    const addresses = entries.map(({ family, address, cidr }) => ({
      family,
      // A zone (`%eth0`) names the interface once more.
      address: address.split('%')[0] ?? address,
      prefixLength: Number(cidr?.split('/')[1] ?? (family === 'IPv4' ? 32 : 128)),
    }));
    seen.addresses = fitList(collection, [...seen.addresses, ...addresses], 1000, name);
  }
  const silent = [...found.values()].filter(({ name }) => !running.has(name));
  if (silent.length > 0) await addSilent(collection, silent);
}

const Silent = list(
  structure({
    ifname: string({ max: 256 }),
    addr_info: list(
      structure({ family: string(), local: string({ max: 64 }), prefixlen: integer({ min: 0, max: 128 }) }),
    ),
  }),
);

/** The system call does not tell of interfaces that do not run; `ip` does, where it is there. */
async function addSilent(collection: Collection, silent: readonly Interface[]): Promise<void> {
  const asked = await collection.host.run('ip', ['-json', 'address'], { timeoutMs: 10_000, maxBytes: 1024 * 1024 });
  const told = asked.ok && asked.value.exitCode === 0 ? readAddresses(asked.value.stdout) : undefined;
  if (!told) {
    const names = silent.map(({ name }) => name).join(' ');
    note(collection, 'UNSUPPORTED', 'addresses', `not told of interfaces that do not run: ${names}`);
    return;
  }
  recordSource(collection, 'ip -json address');
  for (const seen of silent) {
    const entries = told.find(({ ifname }) => ifname === seen.name)?.addr_info ?? [];
    const addresses = entries.flatMap(({ family, local, prefixlen }) =>
      local === undefined || prefixlen === undefined || (family !== 'inet' && family !== 'inet6')
        ? []
        : [
            {
              family: family === 'inet' ? ('IPv4' as const) : ('IPv6' as const),
              address: local,
              prefixLength: prefixlen,
            },
          ],
    );
    seen.addresses = fitList(collection, addresses, 1000, seen.name);
  }
}

function readAddresses(json: string) {
  try {
    const told = parse(Silent, parseBoundedJson(json));
    return check(Silent, told).length === 0 ? told : undefined;
  } catch {
    return undefined;
  }
}
