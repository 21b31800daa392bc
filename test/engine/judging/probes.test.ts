import { expect, onTestFinished, test } from 'vitest';
import { recognizedPorts } from '../../../packages/server/src/domain/recognized-ports.ts';
import { defaultZones } from '../../../packages/server/src/domain/zones.ts';
import { explainVerdict } from '../../../packages/server/src/engine/judging/explain-verdict.ts';
import { probeTargets } from '../../../packages/server/src/engine/judging/probe-targets.ts';
import {
  probesOfScope,
  probesSource,
  recordProbes,
  TooManyProbes,
} from '../../../packages/server/src/engine/judging/probes-source.ts';
import { listening, networkHost } from '../../rules/network-reachability/network-host.ts';
import { openTestFleet } from '../../support/test-fleet.ts';

const DAY = 86_400_000;
const probe = (host: string, at: number, connected: readonly number[] = [22]) => ({
  ...{ host, address: '198.18.0.10', zone: 'internet', vantage: 'lab', at },
  ...{ connected, refused: [], silent: [] },
});

test('a run judges by the probes that there are when it is evaluated, and hosts that delivered nothing too', async () => {
  const fleet = await openTestFleet();
  onTestFinished(() => fleet.close());
  const [one, silent] = await fleet.addHosts(2);
  if (!one || !silent) throw new Error('no hosts');
  const { settings } = fleet.store;
  await recordProbes(settings, fleet.scope, [probe(one.id, fleet.now), probe(silent.id, fleet.now)], fleet.now);
  const run = await fleet.startRun({ packages: ['Network Reachability'] });
  await fleet.collect(run);
  await fleet.deliver(run, one, networkHost());
  fleet.now += 180_001;
  await fleet.collect(run);
  await fleet.evaluate(run);
  expect((await fleet.find(run)).knowledge?.probes?.feeds).toMatchObject([{ name: 'probes from outside' }]);
  const why = await explainVerdict(
    { store: fleet.store, knowledge: { probes: probesSource(settings) }, now: () => fleet.now },
    { host: one.id, subject: 'tcp/22', scopeName: { account: '1', region: 'r' }, scope: fleet.scope, run: undefined },
  );
  expect(why.sections.at(-1)?.heading).toBe('Seen from outside');
  const found = await fleet.findings(run);
  const of = (agent: string) => found.filter((finding) => finding.agent === agent);
  const ssh = of(one.id).find(({ rule }) => rule === 'Recognized port reachable from internet - TCP 22');
  expect(ssh?.document.attributes).toContainEqual({ key: 'PROBE', value: 'CONFIRMED' });
  expect(of(silent.id).map(({ document }) => document.attributes.find(({ key }) => key === 'RULE_TYPE'))).toEqual([
    { key: 'RULE_TYPE', value: 'RecognizedPortNoAgent' },
  ]);
  expect(of(silent.id)[0]?.document.title).toContain(`On instance ${silent.id}, TCP port 22`);
});

test('two vantages that record at once lose nothing, and two addresses of a host stand side by side', async () => {
  const fleet = await openTestFleet();
  onTestFinished(() => fleet.close());
  const record = (vantage: string, address: string) =>
    fleet.store.transaction(({ settings }) =>
      recordProbes(settings, fleet.scope, [{ ...probe('i-1', 5), vantage, address }], 5),
    );
  const addresses = ['198.18.0.10', '2001:db8::10'];
  await Promise.all(['office', 'home', 'lab'].flatMap((vantage) => addresses.map((each) => record(vantage, each))));
  const kept = await probesOfScope(fleet.store.settings, fleet.scope);
  expect(kept.map(({ vantage, address }) => `${vantage} ${address}`).sort()).toEqual(
    ['home', 'lab', 'office'].flatMap((vantage) => addresses.map((each) => `${vantage} ${each}`)),
  );
});

test('a host is tried at the addresses of its interfaces, and at the ports that its newest run found', async () => {
  const fleet = await openTestFleet();
  onTestFinished(() => fleet.close());
  const [one, none] = await fleet.addHosts(2);
  if (!one || !none) throw new Error('no hosts');
  const run = await fleet.startRun({ packages: ['Network Reachability'] });
  await fleet.collect(run);
  const six = { family: 'IPv6' as const, address: '2001:db8::10', prefixLength: 64 };
  const local = { family: 'IPv6' as const, address: 'fe80::1', prefixLength: 64 };
  await fleet.deliver(run, one, networkHost({ more: [six, local], listeners: [listening(5999)] }));
  fleet.now += 180_001;
  await fleet.collect(run);
  await fleet.evaluate(run);
  const [internet] = defaultZones;
  if (!internet) throw new Error('no zones');
  const targets = await probeTargets(fleet.store, fleet.scope, [one, none], internet);
  expect(targets).toMatchObject([
    { agent: one.id, addresses: ['198.18.0.10', '2001:db8::10'] },
    { agent: none.id, addresses: none.ipv4Address === null ? [] : [none.ipv4Address] },
  ]);
  expect(targets[0]?.ports).toEqual([...recognizedPorts('tcp'), 5999].sort((a, b) => a - b));
  expect(targets[1]?.ports).toEqual([...recognizedPorts('tcp')].sort((a, b) => a - b));
});

test('the newest of a host, zone and vantage is kept, for a week, and a bounded number', async () => {
  const kept = new Map<string, string>();
  const settings = {
    find: async (name: string) => kept.get(name),
    put: async (name: string, value: string) => void kept.set(name, value),
  };
  await recordProbes(settings, 1, [probe('a', 0), probe('b', 6 * DAY)], 6 * DAY);
  await recordProbes(settings, 1, [probe('b', 8 * DAY, [80])], 8 * DAY);
  expect(JSON.parse(kept.get('probes/1') ?? '')).toEqual([probe('b', 8 * DAY, [80])]);
  const many = Array.from({ length: 20_000 }, (_, at) => probe(`host ${at}`, 8 * DAY));
  await expect(recordProbes(settings, 1, many, 8 * DAY)).rejects.toThrow(TooManyProbes);
});
