import type { Choices } from './choices.ts';
import { ports } from './choices.ts';
import { behind, target } from './namespaces.ts';
import type { Window } from './random-iptables.ts';

const v4 = [
  '198.51.100.0/28',
  '198.51.100.7',
  '192.0.2.128/25',
  '10.20.0.0/16',
  '10.20.1.0/24',
  '203.0.113.0/24',
  '198.51.100.7-198.51.100.20',
];
const v6 = ['2001:db8:1::/64', '2001:db8:2::/48', '2001:db8:2::7', 'fd00::/8'];

/** Random rulesets of nftables as `nft -f` takes them: one for each window, that only packets with its source ports see. */
export const randomNftables = (pick: Choices, windows: readonly Window[]): string =>
  windows.map((window, at) => ruleset(pick, window, `r${at}`)).join('\n');

function ruleset(pick: Choices, window: Window, prefix: string): string {
  const families = pick.of([['inet'], ['ip', 'ip6'], ['inet', 'ip'], ['inet', 'ip6']] as const);
  return [
    ...(pick.chance(0.2) ? [ingress(pick, window, `${prefix}early`)] : []),
    ...families.map((family, at) => table(pick, family, `${prefix}t${at}`, window)),
  ].join('\n');
}

type Family = 'inet' | 'ip' | 'ip6';

const passes = ([low, high]: Window): string => `  th sport != ${low}-${high} accept`;

function ingress(pick: Choices, window: Window, name: string): string {
  const rules = Array.from({ length: 1 + pick.number(3) }, () =>
    pick.of([
      `tcp dport ${portRange(pick)} counter drop`,
      `udp dport { ${portSet(pick)} } counter accept`,
      `meta protocol ip udp dport ${portRange(pick)} counter drop`,
      `ip saddr ${pick.of(v4)} counter drop`,
      `ip6 saddr ${pick.of(v6)} meta mark set 0x1`,
    ]),
  );
  return [
    `table netdev ${name} {`,
    ` chain first { type filter hook ingress device "${pick.of(['wan0', 'wan0', 'lan0'])}" priority ${pick.of([-500, 0])}; policy accept;`,
    // Of what is no IP packet nothing is asked.
    '  meta protocol != { ip, ip6 } accept',
    `  meta l4proto != { tcp, udp } accept`,
    passes(window),
    ...rules.map((rule) => `  ${rule}`),
    ' }',
    '}',
  ].join('\n');
}

function table(pick: Choices, family: Family, name: string, window: Window): string {
  const subs = Array.from({ length: pick.number(4) }, (_, at) => `c${at}`);
  const lines = [
    `table ${family} ${name} {`,
    ...sets(pick, family),
    // A chain jumps to those that are made before it only: no cycles.
    ...subs.map((sub, at) => chain(pick, family, sub, '', subs.slice(0, at), 'filter')),
  ];
  const add = (chance: number, ...[called, type, hook, priority, below]: Hooked): void => {
    if (pick.chance(chance)) lines.push(base(pick, family, window, called, type, hook, priority, below));
  };
  add(0.15, 'raw', 'raw', 'prerouting', -300, []);
  add(0.3, 'pre', 'filter', 'prerouting', pick.of([-290, -150, -90]), subs);
  add(0.5, 'translate', 'nat', 'prerouting', -100, []);
  add(0.9, 'in', 'filter', 'input', 0, subs);
  add(0.25, 'late', 'filter', 'input', 10, subs);
  add(0.5, 'onward', 'filter', 'forward', 0, subs);
  return [...lines, '}'].join('\n');
}

type Hooked = [name: string, type: string, hook: string, priority: number, subs: readonly string[]];

function sets(pick: Choices, family: Family): string[] {
  const addresses = family === 'ip6' ? (['ipv6_addr', v6] as const) : (['ipv4_addr', v4] as const);
  const chosen = disjoint(pick, addresses[1]);
  return [
    ` set ports { type inet_service; flags interval; elements = { ${portSet(pick)} }; }`,
    ` set hosts { type ${addresses[0]}; flags interval; auto-merge; elements = { ${chosen.join(', ')} }; }`,
    ` set pairs { type ${addresses[0]} . inet_service; flags interval; elements = { ${chosen.map((address) => `${address} . ${portRange(pick)}`).join(', ')} }; }`,
    ` map marks { type inet_service : mark; flags interval; elements = { 22 : 0x1, 53-80 : 0x2, 1024-5000 : 0x3 }; }`,
    ` map byhost { type ${addresses[0]} . inet_service : verdict; flags interval; elements = { ${chosen.map((address) => `${address} . ${portRange(pick)} : ${pick.of(['accept', 'drop', 'continue'])}`).join(', ')} }; }`,
    ` map verdicts { type inet_service : verdict; elements = { 22 : ${pick.of(['accept', 'drop'])}, 8080 : ${pick.of(['accept', 'drop', 'return'])} }; }`,
  ];
}

const disjoint = (pick: Choices, addresses: readonly string[]): string[] => [pick.of(addresses)];

const portRange = (pick: Choices): string => {
  const [a, b] = [pick.of(ports), pick.of(ports)];
  return a === b || pick.chance(0.4) ? `${a}` : `${Math.min(a, b)}-${Math.max(a, b)}`;
};

function portSet(pick: Choices): string {
  const cuts = [...new Set(Array.from({ length: 2 + pick.number(4) }, () => pick.of(ports)))].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < cuts.length; at++) {
    const [low, next] = [cuts[at] as number, cuts[at + 1]];
    if (next !== undefined && next - low > 1 && pick.chance(0.3)) parts.push(`${low}-${next - 1}`);
    else parts.push(`${low}`);
  }
  return parts.join(', ');
}

function base(
  pick: Choices,
  family: Family,
  window: Window,
  name: string,
  type: string,
  hook: string,
  priority: number,
  subs: readonly string[],
): string {
  const policy = type === 'nat' || hook === 'prerouting' ? 'accept' : pick.of(['accept', 'drop', 'drop']);
  const kind = type === 'raw' ? 'filter' : type;
  const head = `type ${kind} hook ${hook} priority ${priority}; policy ${policy};\n${passes(window)}`;
  return chain(pick, family, name, head, subs, type, hook);
}

function chain(
  pick: Choices,
  family: Family,
  name: string,
  head: string,
  subs: readonly string[],
  type: string,
  hook = '',
): string {
  const count = 1 + pick.number(hook === 'prerouting' ? 3 : 6);
  const rules = Array.from(
    { length: count },
    () =>
      `  ${type === 'nat' ? natRule(pick, family) : type === 'raw' ? `${pick.of(['tcp', 'udp'])} dport ${portRange(pick)} ${pick.of(['notrack', 'notrack', 'drop'])}` : rule(pick, family, subs, hook)}`,
  );
  return [` chain ${name} {`, `  ${head}`, ...rules, ' }'].join('\n');
}

function rule(pick: Choices, family: Family, subs: readonly string[], hook: string): string {
  const matches = Array.from({ length: pick.number(3) }, () => match(pick, family));
  // Two matches of one protocol each, tcp and udp, are refused by nft.
  const clash = /tcp/.test(matches.join(' ')) && /udp/.test(matches.join(' '));
  const udp = /udp/.test(matches.join(' '));
  const families = /ip (?:s|d)addr/.test(matches.join(' ')) && /ip6 /.test(matches.join(' '));
  return [
    ...(clash || families ? matches.slice(0, 1) : matches),
    'counter',
    action(pick, subs, hook, udp, setFamilyOf(family)),
  ].join(' ');
}

function match(pick: Choices, family: Family): string {
  const protocol = pick.of(['tcp', 'udp', 'tcp']);
  const not = pick.chance(0.2) ? '!= ' : '';
  const address =
    family === 'ip6' || (family === 'inet' && pick.chance(0.4)) ? (['ip6', v6] as const) : (['ip', v4] as const);
  const setFamily = setFamilyOf(family);
  switch (pick.number(17)) {
    case 0:
    case 1:
    case 2:
      return `${protocol} dport ${not}${portRange(pick)}`;
    case 3:
      return `${protocol} dport ${not}{ ${portSet(pick)} }`;
    case 4:
      return `${protocol} dport ${not}@ports`;
    case 5:
    case 6:
      return `${address[0]} saddr ${not}${pick.of(address[1])}`;
    case 7:
      return `${setFamily} saddr ${not}@hosts`;
    case 8:
      return `${setFamily} saddr . tcp dport ${not}@pairs`;
    case 9:
      return `meta l4proto ${not}${pick.of(['tcp', 'udp'])}`;
    case 10:
      return `meta l4proto . th dport { tcp . ${portRange(pick)}, udp . ${portRange(pick)} }`;
    case 11:
      return `iifname ${not}${pick.of(['"wan0"', '"lan0"', '"wan*"', '{ "lan0", "lo" }'])}`;
    case 12:
      return pick.of([
        'ct state new',
        'ct state established,related',
        'ct state != new',
        'ct status dnat',
        'fib daddr type local',
        'fib saddr . iif oif missing',
        family === 'inet' ? 'meta nfproto ipv4' : 'ct state new',
        'fib daddr type != local',
        'meta iifgroup 7',
        'meta iifgroup { 0, 8 }',
        'ct state untracked',
        'ct state invalid,untracked',
        'ct state { new, untracked }',
        'ct direction original',
        'ct mark 0x0',
        'meta pkttype host',
        'limit rate 1/second',
      ]);
    case 13:
      return `tcp flags ${pick.of(['syn', '& (fin|syn|rst|ack) == syn', '& (syn|ack) == ack', '!= syn'])}`;
    case 14:
      return `th sport ${pick.of(['20000-40000', '40001-65535', '!= 20000-30000'])}`;
    case 15:
      return pick.of(['meta mark 0x1', 'meta mark & 0x2 == 0x2', 'meta mark != 0x3']);
    default:
      return `tcp dport ${pick.of(['< 1024', '> 1023', '& 0xff == 22', '>= 8080'])}`;
  }
}

const setFamilyOf = (family: Family): string => (family === 'ip6' ? 'ip6' : 'ip');

function action(pick: Choices, subs: readonly string[], hook: string, plain: boolean, family: string): string {
  const to = subs.length > 0 ? pick.of(subs) : undefined;
  switch (pick.number(11)) {
    case 0:
    case 1:
    case 2:
      return 'accept';
    case 3:
    case 4:
      return 'drop';
    case 5:
      return to ? `jump ${to}` : 'accept';
    case 6:
      return to ? `${pick.of(['goto', 'jump'])} ${to}` : 'return';
    case 7:
      return hook === 'input' || hook === 'forward' ? pick.of(['reject', 'reject', 'log prefix "x" drop']) : 'drop';
    case 8:
      return plain
        ? 'drop'
        : pick.of([
            'tcp dport vmap @verdicts',
            `${family} saddr . tcp dport vmap @byhost`,
            'meta mark set tcp dport map @marks',
            'meta mark set tcp dport map { 22 : 0x1, 80 : 0x2, 443-1024 : 0x3 }',
            `tcp dport vmap { 80 : drop, 443 : accept, 1000-5000 : ${to ? `jump ${to}` : 'return'} }`,
          ]);
    case 9:
      return pick.of(['meta mark set 0x1', 'meta mark set meta mark | 0x2', 'meta mark set 0x3']);
    default:
      return pick.of(['return', 'limit rate 1000/second accept', 'continue']);
  }
}

function natRule(pick: Choices, family: Family): string {
  const six = family === 'ip6' || (family === 'inet' && pick.chance(0.4));
  const matches = [
    `${pick.of(['tcp', 'udp'])} dport ${portRange(pick)}`,
    ...(pick.chance(0.3) ? [`${six ? 'ip6' : 'ip'} saddr ${pick.of(six ? v6 : v4)}`] : []),
  ].join(' ');
  const to = family === 'inet' ? (six ? 'ip6 to' : 'ip to') : 'to';
  switch (pick.number(7)) {
    case 6:
      return six ? `${matches} accept` : `dnat ${to} tcp dport map { 80 : ${behind.v4}, 443 : ${target.other} }`;
    case 0:
      return `${matches} redirect to :${pick.of(ports)}`;
    case 1:
      return `${matches} redirect`;
    case 2:
      return `${matches} dnat ${to} ${six ? `[${behind.v6}]` : behind.v4}:${pick.of(ports)}`;
    case 3:
      return `${matches} dnat ${to} ${six ? behind.v6 : behind.v4}`;
    case 4:
      return six ? `${matches} return` : `${matches} dnat ${to} ${target.other}:${pick.of(ports)}`;
    default:
      return `meta l4proto tcp redirect to :tcp dport map { 81 : 80, 2222 : 22, 5000-5001 : 8080 }`;
  }
}
