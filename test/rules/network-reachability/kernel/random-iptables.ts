import { type Choices, ports } from './choices.ts';
import { behind, target } from './namespaces.ts';

const addresses = {
  4: ['198.51.100.0/28', '198.51.100.7', '192.0.2.128/25', '10.20.0.0/16', '10.20.1.0/24', '203.0.113.0/24'],
  6: ['2001:db8:1::/64', '2001:db8:2::/48', '2001:db8:2::7', 'fd00::/8'],
} as const;

/** Source ports that one ruleset of several in a namespace is about. */
export type Window = readonly [low: number, high: number];

interface Part {
  readonly table: string;
  readonly chains: readonly string[];
  readonly rules: readonly string[];
}

/**
 * Random tables of one family as iptables-restore takes them: one ruleset for each window, in chains of its own that only
 * packets with its source ports are led to.
 */
export function randomIptables(pick: Choices, family: 4 | 6, windows: readonly Window[]): string {
  const parts = windows.flatMap((window, at) => rulesetParts(pick, family, window, `R${at}`));
  return ['raw', 'mangle', 'nat', 'filter']
    .flatMap((name) => {
      const own = parts.filter(({ table }) => table === name);
      return own.length === 0
        ? []
        : [`*${name}`, ...new Set(own.flatMap(({ chains }) => chains)), ...own.flatMap(({ rules }) => rules), 'COMMIT'];
    })
    .concat('')
    .join('\n');
}

function rulesetParts(pick: Choices, family: 4 | 6, window: Window, prefix: string): Part[] {
  return [
    ...(pick.chance(0.2) ? [raw(pick, window, prefix)] : []),
    ...(pick.chance(0.3) ? [table(pick, family, 'mangle', ['PREROUTING', 'INPUT'], window, prefix)] : []),
    ...(pick.chance(0.5) ? [nat(pick, family, window, prefix)] : []),
    table(pick, family, 'filter', ['INPUT', 'FORWARD'], window, prefix),
  ];
}

/** Leads the packets of a window from a built-in chain to a ruleset's own. */
const led = (hook: string, [low, high]: Window, prefix: string): string[] =>
  ['tcp', 'udp'].map(
    (protocol) => `-A ${hook} -p ${protocol} -m ${protocol} --sport ${low}:${high} -j ${prefix}${hook}`,
  );

function raw(pick: Choices, window: Window, prefix: string): Part {
  const protocol = pick.of(['tcp', 'udp']);
  return {
    table: 'raw',
    chains: [':PREROUTING ACCEPT [0:0]', `:${prefix}PREROUTING - [0:0]`],
    rules: [
      ...led('PREROUTING', window, prefix),
      `-A ${prefix}PREROUTING -p ${protocol} -m ${protocol} --dport ${range(pick)} ${pick.of(['', '-m conntrack --ctstate INVALID', '-m conntrack --ctstate NEW'])} -j ${pick.of(['CT --notrack', 'DROP'])}`,
    ],
  };
}

function table(
  pick: Choices,
  family: 4 | 6,
  name: string,
  hooks: readonly string[],
  window: Window,
  prefix: string,
): Part {
  const subs = Array.from({ length: pick.number(3) }, (_, at) => `${prefix}SUB${at}`);
  const rules = (chain: string, below: readonly string[]): string[] =>
    Array.from({ length: 1 + pick.number(5) }, () => `-A ${chain} ${rule(pick, family, name, below)}`);
  return {
    table: name,
    chains: [
      ...hooks.map((hook) => `:${hook} ACCEPT [0:0]`),
      ...[...hooks.map((hook) => `${prefix}${hook}`), ...subs].map((chain) => `:${chain} - [0:0]`),
    ],
    rules: [
      ...hooks.flatMap((hook) => led(hook, window, prefix)),
      ...hooks.flatMap((hook) => rules(`${prefix}${hook}`, subs)),
      ...hooks.flatMap((hook) => (name === 'filter' && pick.chance(0.6) ? [`-A ${prefix}${hook} -j DROP`] : [])),
      ...subs.flatMap((sub, at) => rules(sub, subs.slice(0, at))),
    ],
  };
}

const range = (pick: Choices): string => {
  const [a, b] = [pick.of(ports), pick.of(ports)];
  return a === b || pick.chance(0.5) ? `${a}` : `${Math.min(a, b)}:${Math.max(a, b)}`;
};

function rule(pick: Choices, family: 4 | 6, tableName: string, subs: readonly string[]): string {
  const parts: string[] = [];
  if (pick.chance(0.3)) parts.push(`${pick.chance(0.2) ? '! ' : ''}-s ${pick.of(addresses[family])}`);
  if (pick.chance(0.2)) parts.push(`${pick.chance(0.3) ? '! ' : ''}-i ${pick.of(['wan0', 'lan0', 'wan+'])}`);
  if (pick.chance(0.6)) {
    const protocol = pick.of(['tcp', 'udp']);
    parts.push(`-p ${protocol}`);
    const not = pick.chance(0.2) ? '! ' : '';
    parts.push(
      pick.of([
        `-m ${protocol} ${not}--dport ${range(pick)}`,
        `-m ${protocol} ${not}--dport ${range(pick)}`,
        `-m multiport ${not}--dports ${range(pick)},${pick.of(ports)}`,
        `-m ${protocol} --sport 20000:40000`,
        ...(protocol === 'tcp'
          ? ['-m tcp --tcp-flags FIN,SYN,RST,ACK SYN', '-m tcp ! --tcp-flags SYN SYN', '-m tcp ! --syn']
          : ['']),
      ]),
    );
  } else if (pick.chance(0.1)) parts.push(`! -p ${pick.of(['tcp', 'udp'])}`);
  if (pick.chance(0.25)) {
    parts.push(
      pick.of([
        '-m conntrack --ctstate NEW',
        '-m conntrack --ctstate RELATED,ESTABLISHED',
        '-m conntrack ! --ctstate NEW',
        '-m conntrack --ctstate DNAT',
        '-m addrtype --dst-type LOCAL',
        '-m mark --mark 0x1/0x1',
        '-m devgroup --src-group 0x7',
        '-m conntrack --ctstate UNTRACKED',
        '-m connmark --mark 0x0',
        '-m statistic --mode random --probability 0.5',
        '-m mark ! --mark 0x2',
        '-m comment --comment "a \\"quoted\\" comment"',
      ]),
    );
  }
  return `${parts.join(' ')} ${jump(pick, tableName, subs)}`;
}

function jump(pick: Choices, tableName: string, subs: readonly string[]): string {
  const sub = subs.length > 0 && pick.chance(0.4) ? pick.of(subs) : undefined;
  if (sub) return pick.of([`-j ${sub}`, `-g ${sub}`]);
  if (tableName === 'mangle')
    return pick.of([
      '-j MARK --set-xmark 0x1/0x1',
      '-j MARK --set-xmark 0x2/0xffffffff',
      '-j ACCEPT',
      '-j DROP',
      '-j RETURN',
    ]);
  return pick.of([
    '-j ACCEPT',
    '-j ACCEPT',
    '-j DROP',
    '-j REJECT',
    '-j RETURN',
    '-m limit --limit 1000/sec -j ACCEPT',
    '-j LOG --log-prefix "x "',
  ]);
}

function nat(pick: Choices, family: 4 | 6, window: Window, prefix: string): Part {
  const rules = Array.from({ length: 1 + pick.number(3) }, () => {
    const match = `-p ${pick.of(['tcp', 'udp'])} --dport ${range(pick)}`;
    const inside = family === 4 ? `${behind.v4}:${pick.of(ports)}` : `[${behind.v6}]:${pick.of(ports)}`;
    const to = pick.of([
      `-j REDIRECT --to-ports ${pick.of(ports)}`,
      `-j DNAT --to-destination ${inside}`,
      `-j DNAT --to-destination ${family === 4 ? target.other : behind.v6}`,
      '-j RETURN',
    ]);
    return `-A ${prefix}PREROUTING ${match} ${to}`;
  });
  return {
    table: 'nat',
    chains: [':PREROUTING ACCEPT [0:0]', `:${prefix}PREROUTING - [0:0]`],
    rules: [...led('PREROUTING', window, prefix), ...rules],
  };
}
