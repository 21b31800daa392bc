import { boolean, enumeration, integer, list, long, string, structure } from '../shape.ts';
import { document } from './document.ts';

/** Sockets that wait for traffic: TCP in LISTEN, and bound UDP. */
export const listeners = document(
  'listeners',
  structure(
    {
      listeners: list(
        structure(
          {
            protocol: enumeration('TCP', 'UDP'),
            family: enumeration('IPv4', 'IPv6'),
            /** As text: `0.0.0.0`, `127.0.0.1`, `::`. */
            address: string({ max: 64 }),
            port: integer({ min: 0, max: 65_535 }),
            uid: long({ min: 0, max: 4_294_967_295 }),
            /** Of an IPv6 socket: whether it takes IPv6 alone. Absent where nobody could tell, and from agents before this. */
            v6only: boolean,
            /** The interface that it is bound to. */
            device: string({ min: 1, max: 256 }),
            /** The network namespace, as `/proc/<pid>/ns/net` names it, where it is not the agent's own. */
            networkNamespace: string({ min: 1, max: 256 }),
            /** Absent where the agent may not see it. */
            process: structure(
              { pid: long({ min: 0 }), name: string({ max: 256 }), executable: string({ min: 1, max: 4096 }) },
              'pid',
              'name',
            ),
          },
          'protocol',
          'family',
          'address',
          'port',
        ),
        { max: 20_000 },
      ),
      /** Other network namespaces on the host whose sockets are listed, with the addresses that are theirs. */
      namespaces: list(
        structure(
          { name: string({ min: 1, max: 256 }), addresses: list(string({ max: 64 }), { max: 1000 }) },
          'name',
          'addresses',
        ),
        { max: 500 },
      ),
    },
    'listeners',
  ),
);

/** Network interfaces with their addresses. */
export const interfaces = document(
  'interfaces',
  structure(
    {
      interfaces: list(
        structure(
          {
            name: string({ min: 1, max: 256 }),
            macAddress: string({ max: 64 }),
            loopback: boolean,
            up: boolean,
            /** The kernel's number of it, and its group, 0 by default. */
            index: long({ min: 0, max: 4_294_967_295 }),
            group: long({ min: 0, max: 4_294_967_295 }),
            addresses: list(
              structure(
                {
                  family: enumeration('IPv4', 'IPv6'),
                  address: string({ max: 64 }),
                  prefixLength: integer({ min: 0, max: 128 }),
                },
                'family',
                'address',
                'prefixLength',
              ),
              { max: 1000 },
            ),
          },
          'name',
          'loopback',
          'up',
          'addresses',
        ),
        { max: 1000 },
      ),
    },
    'interfaces',
  ),
);

/**
 * The rules of the host's packet filter, as the kernel's programs print them. What could not be listed is absent, and in
 * the limitations: absent is never "no rules".
 */
export const firewall = document(
  'firewall',
  structure(
    {
      /** `nft -j -s list ruleset`. Rules of iptables in nft's compatibility form are in it without their matches. */
      nftables: string({ max: 20_971_520, raw: true }),
      /** What iptables-save and ip6tables-save print, without counters: by the programs for nft and for the old tables. */
      iptables: list(
        structure(
          {
            family: enumeration('IPv4', 'IPv6'),
            variant: enumeration('nft', 'legacy'),
            rules: string({ max: 4_194_304, raw: true }),
          },
          'family',
          'variant',
          'rules',
        ),
        { max: 4 },
      ),
    },
    'iptables',
  ),
);

const word = string({ max: 256 });

/** Routing tables, and the rules that choose among them. */
export const routes = document(
  'routes',
  structure(
    {
      routes: list(
        structure(
          {
            family: enumeration('IPv4', 'IPv6'),
            /** As `ip route` has it: `unicast`, `local`, `blackhole` … */
            type: word,
            /** `default`, an address, or an address with its prefix length. */
            destination: word,
            table: word,
            gateway: word,
            device: word,
            metric: long({ min: 0, max: 4_294_967_295 }),
            source: word,
          },
          'family',
          'type',
          'destination',
          'table',
        ),
        { max: 20_000 },
      ),
      rules: list(
        structure(
          {
            family: enumeration('IPv4', 'IPv6'),
            priority: long({ min: 0, max: 4_294_967_295 }),
            table: word,
            /** What it selects by; absent where it holds for every packet. */
            selector: word,
          },
          'family',
          'priority',
          'table',
        ),
        { max: 2000 },
      ),
    },
    'routes',
    'rules',
  ),
);

/** The kernel's parameters that decide whether a packet is taken, passed on or dropped before any rule sees it. */
export const sysctls = document(
  'sysctls',
  structure(
    {
      /** `net.ipv4.conf.eth0.rp_filter` and its value. */
      sysctls: list(structure({ name: string({ min: 1, max: 256 }), value: word }, 'name', 'value'), { max: 10_000 }),
    },
    'sysctls',
  ),
);
