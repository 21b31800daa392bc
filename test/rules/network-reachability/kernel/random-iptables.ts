import { type Choices, ports } from './choices.ts';
import { behind, target } from './namespaces.ts';

const addresses = {
  4: ['198.51.100.0/28', '198.51.100.7', '192.0.2.128/25', '10.20.0.0/16', '10.20.1.0/24', '203.0.113.0/24'],
  6: ['2001:db8:1::/64', '2001:db8:2::/48', '2001:db8:2::7', 'fd00::/8'],
} as const;

/** Random tables of one family as iptables-restore takes them. */
export function randomIptables(pick: Choices, family: 4 | 6): string {
  return [
    ...(pick.chance(0.3) ? [table(pick, family, 'mangle', ['PREROUTING', 'INPUT'])] : []),
    ...(pick.chance(0.5) ? [nat(pick, family)] : []),
    table(pick, family, 'filter', ['INPUT', 'FORWARD']),
    '',
  ].join('\n');
}

function table(pick: Choices, family: 4 | 6, name: string, hooks: readonly string[]): string {
  const subs = Array.from({ length: pick.number(3) }, (_, at) => `SUB${at}`);
  const policy = (): string => (name === 'filter' ? pick.of(['ACCEPT', 'DROP', 'DROP']) : 'ACCEPT');
  const rules = (chain: string, below: readonly string[]): string[] =>
    Array.from({ length: 1 + pick.number(5) }, () => `-A ${chain} ${rule(pick, family, name, below)}`);
  return [
    `*${name}`,
    ...hooks.map((hook) => `:${hook} ${policy()} [0:0]`),
    ...subs.map((sub) => `:${sub} - [0:0]`),
    ...hooks.flatMap((hook) => rules(hook, subs)),
    ...subs.flatMap((sub, at) => rules(sub, subs.slice(0, at))),
    'COMMIT',
  ].join('\n');
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

function nat(pick: Choices, family: 4 | 6): string {
  const rules = Array.from({ length: 1 + pick.number(3) }, () => {
    const match = `-p ${pick.of(['tcp', 'udp'])} --dport ${range(pick)}`;
    const inside = family === 4 ? `${behind.v4}:${pick.of(ports)}` : `[${behind.v6}]:${pick.of(ports)}`;
    const to = pick.of([
      `-j REDIRECT --to-ports ${pick.of(ports)}`,
      `-j DNAT --to-destination ${inside}`,
      `-j DNAT --to-destination ${family === 4 ? target.other : behind.v6}`,
      '-j RETURN',
    ]);
    return `-A PREROUTING ${match} ${to}`;
  });
  return ['*nat', ':PREROUTING ACCEPT [0:0]', ...rules, 'COMMIT'].join('\n');
}
