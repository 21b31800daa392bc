import { expect, test } from 'vitest';
import type { Probe } from '../../../packages/server/src/domain/probes.ts';
import type { Knowledge, Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { networkReachability } from '../../../packages/server/src/rules/network-reachability/index.ts';
import { listening, networkHost } from './network-host.ts';

const NOW = 1_700_000_000_000;
const input = (policy: string, ...rules: object[]) => [
  { table: { family: 'inet', name: 'filter', handle: 1 } },
  {
    chain: {
      ...{ family: 'inet', table: 'filter', name: 'input', handle: 1 },
      ...{ type: 'filter', hook: 'input', prio: 0, policy },
    },
  },
  ...rules.map((expr, at) => ({
    rule: { family: 'inet', table: 'filter', chain: 'input', handle: at + 2, expr },
  })),
];
const closed22 = input('accept', [
  { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 22 } },
  { drop: null },
]);

const known = (seen: Partial<Probe>, at = NOW): Knowledge => ({
  at: NOW,
  host: 'i-1',
  probes: [
    {
      ...{ host: 'i-1', address: '198.18.0.10', zone: 'internet', vantage: 'lab', at },
      ...{ connected: [], refused: [], silent: [], ...seen },
    },
  ],
});
const findingOn = (verdicts: readonly Verdict[], port: string) => {
  const found = verdicts.find(({ ruleId }) => ruleId.startsWith('Rec') && ruleId.endsWith(` ${port}`));
  return found?.outcome === 'FINDING' ? found.finding : undefined;
};
const attribute = (verdicts: readonly Verdict[], port: string, key: string) =>
  findingOn(verdicts, port)?.attributes.find((each) => each.key === key)?.value;
const judge = networkReachability.evaluate;

test.each([
  [{ connected: [22] }, true, 'CONFIRMED'],
  [{ connected: [22] }, false, 'CONFIRMED'],
  // A connection that failed from one place says nothing about the whole zone.
  [{ refused: [22] }, true, 'NOT_CONFIRMED'],
  [{ silent: [22] }, true, 'NOT_CONFIRMED'],
  [{ refused: [22] }, false, 'NOT_CONFIRMED'],
  [{ silent: [22] }, false, 'NOT_CONFIRMED'],
])('a port that is let in, seen as %j, with a listener: %s', (seen, listens, said) => {
  const verdicts = judge(networkHost({ listeners: listens ? [listening(22)] : [] }), known(seen));
  expect(attribute(verdicts, 'TCP 22', 'PROBE')).toBe(said);
  expect(attribute(verdicts, 'TCP 22', 'PROBED_FROM')).toBe('lab');
  expect(findingOn(verdicts, 'TCP 22')?.description).toContain('from lab to 198.18.0.10 at 2023-11-14');
  expect(attribute(verdicts, 'TCP 80', 'PROBE')).toBeUndefined();
});

test('a connection to a port that the rules close is a finding, with what listens there', () => {
  const closed = networkHost({ nftables: closed22, listeners: [listening(22)] });
  expect(findingOn(judge(closed, { at: NOW }), 'TCP 22')).toBeUndefined();
  const verdicts = judge(closed, known({ connected: [22] }));
  expect(attribute(verdicts, 'TCP 22', 'RULE_TYPE')).toBe('RecognizedPortWithListener');
  expect(attribute(verdicts, 'TCP 22', 'PROBE')).toBe('REFUTED');
  expect(attribute(verdicts, 'TCP 22', 'VERDICT')).toBe('closed');
  const silent = judge(closed, known({ silent: [22] }));
  expect(findingOn(silent, 'TCP 22')).toBeUndefined();
  expect(JSON.stringify(silent)).toContain('of 1 TCP ports 0 accepted a connection, 0 refused it, 1 gave no answer');
});

test('a host without a public address, or whose firewall cannot be read, is judged by what a probe reached', () => {
  const inside = judge(networkHost({ address: '10.0.0.5' }), known({ connected: [22] }));
  expect(attribute(inside, 'TCP 22', 'RULE_TYPE')).toBe('RecognizedPortNoAgent');
  const unread = judge(networkHost({ nftables: '{"nftables":[' }), known({ connected: [22] }));
  expect(attribute(unread, 'TCP 22', 'PROBE')).toBe('CONFIRMED');
  expect(attribute(unread, 'TCP 22', 'VERDICT')).toBe('unknown');
  expect(unread.filter(({ outcome }) => outcome === 'NOT_ASSESSED')).toHaveLength(3);
});

test('a port that the rules open, and on which no process was seen, is not told as closed', () => {
  const verdicts = judge(networkHost(), known({ connected: [9999] }));
  const found = verdicts.find(({ ruleId }) => ruleId === 'Unrecognized port reachable from internet - TCP 9999');
  const attributes = found?.outcome === 'FINDING' ? found.finding.attributes : [];
  expect(attributes).toContainEqual({ key: 'VERDICT', value: 'open' });
  expect(attributes).toContainEqual({ key: 'PROBE', value: 'CONFIRMED' });
});

test('of several addresses the one that took a connection counts', () => {
  const [four] = known({ silent: [22] }).probes ?? [];
  const [six] = known({ connected: [22], address: '2001:db8::10' }).probes ?? [];
  if (!four || !six) throw new Error('no probes');
  const verdicts = judge(networkHost({ listeners: [listening(22)] }), { at: NOW, host: 'i-1', probes: [four, six] });
  expect(attribute(verdicts, 'TCP 22', 'PROBE')).toBe('CONFIRMED');
  expect(findingOn(verdicts, 'TCP 22')?.description).toContain('to 2001:db8::10');
});

test('a probe counts for its host, its zone and a day', () => {
  const evidence = networkHost({ nftables: closed22 });
  const without = judge(evidence, { at: NOW });
  expect(judge(evidence, { ...known({ connected: [22] }), host: 'i-2' })).toEqual(without);
  expect(judge(evidence, known({ connected: [22] }, NOW - 25 * 3_600_000))).toEqual(without);
  expect(judge(evidence, known({ connected: [22], zone: 'another' }))).toEqual(without);
});

test('without evidence a port that took a connection is RecognizedPortNoAgent', () => {
  const verdicts = networkReachability.withoutEvidence(known({ connected: [22, 9999], silent: [23] }));
  expect(attribute(verdicts, 'TCP 22', 'RULE_TYPE')).toBe('RecognizedPortNoAgent');
  expect(findingOn(verdicts, 'TCP 22')?.severity).toBe('Medium');
  expect(findingOn(verdicts, 'TCP 22')?.description).toContain('Install the agent on this host');
  expect(verdicts.map(({ ruleId }) => ruleId)).toEqual([
    'Recognized port reachable from internet - TCP 22',
    'Unrecognized port reachable from internet - TCP 9999',
  ]);
});

test('why tells what was seen, and a closed port that took a connection is a finding', () => {
  const { explain } = networkReachability.explaining;
  const closed = networkHost({ nftables: closed22, listeners: [listening(22)] });
  const why = explain('tcp/22', closed, known({ connected: [22] }));
  expect(why.outcome).toBe('FINDING');
  expect(why.sections.at(-1)).toEqual({
    heading: 'Seen from outside',
    lines: [
      'from lab to 198.18.0.10 at 2023-11-14T22:13:20.000Z: a connection was accepted: it refutes that the port is closed',
    ],
  });
  const silent = explain('tcp/22', closed, known({ silent: [22] }));
  expect(silent.outcome).toBe('PASSED');
  expect(silent.sections.at(-1)?.lines[0]).toContain('says nothing about other sources');
  const open = explain('tcp/22', networkHost({ listeners: [listening(22)] }), known({ refused: [22] }));
  expect(open.sections.at(-1)?.lines[0]).toContain('it does not confirm that the port is open');
});

test('why of a host whose configuration cannot tell has what was seen', () => {
  const { explain } = networkReachability.explaining;
  const unread = networkHost({ nftables: '{"nftables":[' });
  expect(explain('tcp/22', unread, known({ connected: [22] }))).toMatchObject({
    outcome: 'FINDING',
    reason: expect.stringMatching(/^A probe from outside connected to the port\. The firewall cannot be read/),
    data: { probes: [{ vantage: 'lab', judgement: 'CONFIRMED' }] },
  });
  expect(explain('tcp/22', unread, known({ silent: [22] })).outcome).toBe('NOT_ASSESSED');
  const inside = networkHost({ address: '10.0.0.5', nftables: closed22 });
  expect(explain('tcp/22', inside, known({ connected: [22] })).outcome).toBe('FINDING');
});
