import { expect, test } from 'vitest';
import type { Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { networkReachability } from '../../../packages/server/src/rules/network-reachability/index.ts';
import { networkHost } from './network-host.ts';

/** Lists that no kernel gives, or that are made to keep a server busy: answered, and told. */
const chain = (name: string, more: object = {}) => ({
  chain: { family: 'inet', table: 't', name, handle: 1, ...more },
});
const input = chain('input', { type: 'filter', hook: 'input', prio: 0, policy: 'drop' });
const rule = (name: string, ...expr: readonly unknown[]) => ({
  rule: { family: 'inet', table: 't', chain: name, handle: 9, expr },
});
const field = (protocol: string, name: string, right: unknown) => ({
  match: { op: '==', left: { payload: { protocol, field: name } }, right },
});
const dport = (right: unknown) => field('tcp', 'dport', right);
const saddr = (right: unknown) => field('ip', 'saddr', right);
const jump = (target: string) => ({ jump: { target } });
const accept = { accept: null };
const many = <T>(count: number, each: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => each(at));
const address = (at: number): string => `${1 + (at >> 14)}.${(at >> 7) & 127}.${at & 127}.9`;

const judge = (nftables: unknown): readonly Verdict[] =>
  networkReachability.evaluate(
    networkHost({ nftables: typeof nftables === 'string' ? nftables : JSON.stringify({ nftables }) }),
    { at: 0 },
  );
/** Of the port 22: `open`, `conditional`, `closed`, or why the zone was not assessed. */
function ssh(verdicts: readonly Verdict[]): string {
  const [zone] = verdicts;
  if (zone?.outcome === 'NOT_ASSESSED') return zone.reason;
  const found = verdicts.find(({ ruleId }) => ruleId === 'Recognized port reachable from internet - TCP 22');
  if (found?.outcome !== 'FINDING') return 'closed';
  return found.finding.attributes.find(({ key }) => key === 'VERDICT')?.value ?? '';
}

test.each<[string, () => unknown, string | RegExp]>([
  [
    'a chain that jumps to itself',
    () => [chain('a'), input, rule('input', jump('a')), rule('a', jump('a'))],
    'conditional',
  ],
  [
    'chains that go to each other',
    () => [
      chain('a'),
      chain('b'),
      input,
      rule('input', jump('a')),
      rule('a', { goto: { target: 'b' } }),
      rule('b', jump('a')),
    ],
    'conditional',
  ],
  ['a jump to a chain that is not listed', () => [input, rule('input', jump('gone'))], 'conditional'],
  [
    'jumps that double at every chain',
    () => [
      ...many(16, (at) => chain(`c${at}`)),
      input,
      rule('input', jump('c0')),
      ...many(15, (at) => many(8, () => rule(`c${at}`, jump(`c${at + 1}`)))).flat(),
    ],
    /more steps to evaluate than Assay takes/,
  ],
  [
    'thousands of chains',
    () => [
      ...many(2000, (at) => chain(`c${at}`)),
      input,
      ...many(2000, (at) => rule('input', dport(at + 1), jump(`c${at}`))),
      ...many(2000, (at) => rule(`c${at}`, accept)),
    ],
    'open',
  ],
  ['more rules than are read', () => [input, ...many(200_001, () => rule('input', accept))], /more than 200000 rules/],
  [
    'thousands of sources, each with a port of its own',
    () => [input, ...many(2000, (at) => rule('input', saddr(address(at)), dport(at + 1), accept))],
    'open',
  ],
  [
    'more kinds of sources than are told apart',
    () => [input, ...many(6000, (at) => rule('input', saddr(address(at)), dport(at + 1), accept))],
    /more than 4096 kinds of sources/,
  ],
  [
    'a set of a hundred thousand addresses',
    () => [
      input,
      { set: { family: 'inet', table: 't', name: 's', type: 'ipv4_addr', elem: many(100_000, address) } },
      rule('input', saddr('@s'), dport(22), accept),
    ],
    'open',
  ],
  [
    'masks without end',
    () => [
      input,
      ...many(2100, (at) =>
        rule(
          'input',
          { match: { op: '==', left: { '&': [{ payload: { protocol: 'tcp', field: 'dport' } }, at + 1] }, right: 0 } },
          accept,
        ),
      ),
    ],
    /more than 200000 elements/,
  ],
  [
    'every state',
    () => [input, rule('input', { match: { op: 'in', left: { ct: { key: 'state' } }, right: '*' } }, accept)],
    'open',
  ],
  [
    'marks that fork at every rule',
    () => [
      input,
      ...many(30, (at) =>
        rule('input', { limit: { rate: 1 } }, { mangle: { key: { meta: { key: 'mark' } }, value: at } }),
      ),
      rule('input', accept),
    ],
    /more steps/,
  ],
  [
    'names of an object',
    () => [chain('__proto__'), input, rule('input', jump('__proto__')), rule('__proto__', dport(22), accept)],
    'open',
  ],
  [
    'what has no sense',
    () => [
      null,
      5,
      'x',
      [],
      { chain: 5 },
      { rule: null },
      { rule: { family: 'inet', table: 't', chain: 'input' } },
      input,
      rule('input', { match: null }),
      rule('input', { jump: {} }),
    ],
    'conditional',
  ],
  ['a range the wrong way round', () => [input, rule('input', dport({ range: [90, 80] }), accept)], 'conditional'],
  ['a port that is none', () => [input, rule('input', dport(1e300), accept)], 'closed'],
])('%s', (_, make, expected) => {
  const told = ssh(judge(make()));
  if (typeof expected === 'string') expect(told).toBe(expected);
  else expect(told).toMatch(expected);
});

const good = JSON.stringify({ nftables: [input, rule('input', dport(22), accept)] });
test.each([
  good.slice(0, -1),
  good.slice(0, 40),
  '',
  'null',
  '[]',
  '{"nftables":{}}',
  '['.repeat(100_000),
  `\ufeff${good}`,
])('JSON that is cut or none is not assessed: %.20s', (text) => {
  const verdicts = judge(text);
  expect(verdicts).toHaveLength(3);
  for (const { outcome } of verdicts) expect(outcome).toBe('NOT_ASSESSED');
});

const iptables = (rules: string) =>
  networkReachability.evaluate(networkHost({ iptables: [{ family: 'IPv4', variant: 'legacy', rules }] }), { at: 0 });
const FILTER = '*filter\n:INPUT DROP [0:0]\n';

test.each([
  ['the end is missing', `${FILTER}-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n`],
  ['a table begins within another', `${FILTER}*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n`],
  ['a line is cut', `${FILTER}-A INPUT -p tcp -m tcp --dport 22 -j ACC`],
])('a list of iptables is not assessed where %s', (_, rules) => {
  expect(ssh(iptables(rules))).toMatch(/iptables-legacy-save did not print the end of the table filter/);
});

test('chains of iptables that call each other, and one that is not there', () => {
  const loop = `${FILTER}:A - [0:0]\n:B - [0:0]\n-A INPUT -j A\n-A A -j B\n-A B -j A\nCOMMIT\n`;
  expect(ssh(iptables(loop))).toBe('conditional');
  expect(ssh(iptables(`${FILTER}-A INPUT -j NOWHERE\nCOMMIT\n`))).toBe('conditional');
});

test.each<[unknown, string | RegExp]>([
  ['dormant', 'open'],
  [['owner', 'dormant'], 'open'],
  [['owner', 'persist'], 'closed'],
  ['owner', 'closed'],
  // What nft 1.0.6 prints in place of dormant.
  ['t', /whether the table inet t is in force is not known/],
  [7, /in force is not known/],
])('a table with the flags %j: port 22 is %s', (flags, expected) => {
  const table = { table: { family: 'inet', name: 't', handle: 1, flags } };
  const said = ssh(judge([table, input]));
  if (typeof expected === 'string') expect(said).toBe(expected);
  else expect(said).toMatch(expected);
});
