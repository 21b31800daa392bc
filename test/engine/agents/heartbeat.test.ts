import { setImmediate as turn } from 'node:timers/promises';
import type { HeartbeatRequest, HeartbeatResponse } from '@assay/model/agent-protocol.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { LOOK_EVERY } from '../../../packages/server/src/engine/agents/claim-identity.ts';
import { heartbeat } from '../../../packages/server/src/engine/agents/heartbeat.ts';
import {
  createHeartbeatWriter,
  type HeartbeatWriter,
} from '../../../packages/server/src/engine/agents/heartbeat-writer.ts';
import { createPacedStarts } from '../../../packages/server/src/engine/agents/paced-starts.ts';
import { watchInstructions } from '../../../packages/server/src/engine/agents/watch-instructions.ts';
import { createWakeups, type Wakeups } from '../../../packages/server/src/engine/jobs/wakeups.ts';
import { watchWaiting } from '../../support/statements.ts';
import { openTestFleet, type TestFleet } from '../../support/test-fleet.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

/** The fleet's own hands are another server: what they do wakes nobody here. */
let fleet: TestFleet;
let clock: VirtualClock;
let wakeups: Wakeups;
let heard: HeartbeatWriter;
let stop: AbortController;
let watching: Promise<void>;
let busy = false;
beforeEach(async () => {
  fleet = await openTestFleet();
  clock = createVirtualClock(fleet.now, watchWaiting());
  wakeups = createWakeups();
  stop = new AbortController();
  busy = false;
  const report = (message: string, error: unknown): void => expect.fail(`${message}: ${error}`);
  heard = createHeartbeatWriter({ store: fleet.store, sleep: clock.sleep, report });
  watching = watchInstructions({ store: fleet.store, wakeups, ...clock, report }, stop.signal);
});
afterEach(async () => {
  stop.abort();
  await clock.advance(10_000);
  // What it asks the database by then is answered before that is closed.
  await watching;
  await fleet.close();
  vi.restoreAllMocks();
});

async function beat(
  agent: Agent,
  { status = 'IDLE', waitSeconds = 25 }: Partial<HeartbeatRequest> = {},
  gone: AbortSignal = new AbortController().signal,
): Promise<HeartbeatResponse> {
  const { hostname, operatingSystem, agentVersion, privileged, tags } = agent;
  const host = { hostname, operatingSystem, agentVersion, privileged, tags: [...tags] };
  const starts = createPacedStarts({ sleep: clock.sleep, busy: () => busy, load: () => 0 });
  const deps = { store: fleet.store, wakeups, heard, starts, ...clock, random: () => 0 };
  return heartbeat(deps)({ id: agent.id, scope: fleet.scope }, { status, waitSeconds, host }, gone);
}
/** Waits for what real promises still have to do, which a database elsewhere may be part of. */
const until = async (what: () => boolean): Promise<void> => {
  while (!what()) await turn();
};
const held = (work: Promise<HeartbeatResponse>) => {
  const seen: { answer?: HeartbeatResponse } = {};
  void work.then((answer) => {
    seen.answer = answer;
  });
  return seen;
};
const instructed = async (): Promise<string> => {
  const run = await fleet.startRun();
  await fleet.collect(run);
  return run;
};

describe('an instruction that another server wrote', () => {
  test('comes to the agents that wait here with the next look', async () => {
    const [one, two] = await fleet.addHosts(2);
    if (!one || !two) throw new Error('two hosts');
    const first = held(beat(one));
    const second = held(beat(two));
    await until(() => wakeups.waiting() === 2);
    const run = await instructed();
    expect([first.answer, second.answer]).toEqual([undefined, undefined]);
    await clock.advance(LOOK_EVERY);
    await until(() => first.answer !== undefined && second.answer !== undefined);
    expect(first.answer).toMatchObject({ instructions: [{ runId: run }], nextHeartbeatSeconds: 0 });
    expect(second.answer).toMatchObject({ instructions: [{ runId: run }], nextHeartbeatSeconds: 0 });
  });

  test('is there at once for an agent that comes later, and that cannot wait', async () => {
    const [one] = await fleet.addHosts(1);
    if (!one) throw new Error('one host');
    const run = await instructed();
    expect(await beat(one)).toMatchObject({ instructions: [{ runId: run }], nextHeartbeatSeconds: 0 });
    const polled = await beat(one, { waitSeconds: 0 });
    expect(polled).toMatchObject({ instructions: [{ runId: run }], nextHeartbeatSeconds: 60 });
  });

  test('is looked for in one statement, and a run’s hosts are looked up once', async () => {
    const hosts = await fleet.addHosts(3);
    const looks = vi.spyOn(fleet.store.runAgents, 'collectingRuns');
    const each = vi.spyOn(fleet.store.runAgents, 'pending');
    await instructed();
    each.mockClear();
    // An agent of another account waits on, and is no reason to ask for each agent.
    const other = new AbortController();
    void wakeups.wait('i-another', other.signal);
    // A look takes as long as its database does.
    while (looks.mock.calls.length < 4) {
      await clock.advance(LOOK_EVERY);
      await turn();
    }
    expect(each.mock.calls.length).toBe(1);
    other.abort();
    expect(hosts.length).toBe(3);
  });
});

test('an agent whose connection closes is forgotten, and while nobody waits nothing is looked up', async () => {
  const [one] = await fleet.addHosts(1);
  if (!one) throw new Error('one host');
  const looks = vi.spyOn(fleet.store.runAgents, 'collectingRuns');
  const gone = new AbortController();
  const seen = held(beat(one, {}, gone.signal));
  await until(() => wakeups.waiting() === 1);
  gone.abort();
  await until(() => seen.answer !== undefined);
  expect(wakeups.waiting()).toBe(0);
  await clock.advance(10 * LOOK_EVERY);
  expect(looks).not.toHaveBeenCalled();
});

test('a heartbeat that nothing comes for is answered when its time is over, not before', async () => {
  const [one] = await fleet.addHosts(1);
  if (!one) throw new Error('one host');
  const seen = held(beat(one));
  await until(() => wakeups.waiting() === 1);
  await clock.advance(24_999);
  expect(seen.answer).toBeUndefined();
  await clock.advance(1);
  await until(() => seen.answer !== undefined);
  expect(seen.answer).toEqual({ instructions: [], nextHeartbeatSeconds: 0 });
});

describe('a process that took over from another which was there', () => {
  const taken = async (): Promise<Agent> => {
    const [one] = await fleet.addHosts(1);
    if (!one) throw new Error('one host');
    await fleet.store.agents.change(fleet.scope, one.id, { claimedAt: clock.now() });
    await instructed();
    return one;
  };

  test('is asked for nothing until the other has had time to show itself', async () => {
    const one = await taken();
    const seen = held(beat(one));
    await clock.advance(3 * LOOK_EVERY - 1);
    expect(seen.answer).toBeUndefined();
    await clock.advance(1);
    await until(() => seen.answer !== undefined);
    expect(seen.answer?.instructions).toHaveLength(1);
  });

  test('is told when to come again if it cannot wait', async () => {
    const one = await taken();
    await clock.advance(1000);
    expect(await beat(one, { waitSeconds: 0 })).toEqual({ instructions: [], nextHeartbeatSeconds: 5 });
    await clock.advance(5000);
    expect(await beat(one, { waitSeconds: 0 })).toMatchObject({ instructions: [{}], nextHeartbeatSeconds: 60 });
  });
});

test('an agent whose host another process speaks for, at another server, is answered with the next look', async () => {
  const [one] = await fleet.addHosts(1);
  if (!one) throw new Error('one host');
  const seen = held(beat(one));
  await until(() => wakeups.waiting() === 1);
  await fleet.store.agents.change(fleet.scope, one.id, { process: 'another', claimedAt: clock.now() });
  await clock.advance(LOOK_EVERY);
  await until(() => seen.answer !== undefined);
  expect(seen.answer).toEqual({ instructions: [], nextHeartbeatSeconds: 0 });
});

test('an agent that cannot wait and comes when the server is busy is asked to come again soon', async () => {
  const [one] = await fleet.addHosts(1);
  if (!one) throw new Error('one host');
  await instructed();
  busy = true;
  expect(await beat(one, { waitSeconds: 0 })).toEqual({ instructions: [], nextHeartbeatSeconds: 10 });
});

describe('what a heartbeat says', () => {
  const stored = async (agent: Agent) => {
    const found = await fleet.store.agents.find(agent.id);
    if (!found) throw new Error('no such agent');
    return { status: found.status, seenAt: found.seenAt - fleet.now };
  };

  test('is written a second later where it changes nothing', async () => {
    const [one] = await fleet.addHosts(1);
    if (!one) throw new Error('one host');
    await clock.advance(5000);
    await beat(one, { status: 'RUNNING', waitSeconds: 0 });
    expect(await stored(one)).toEqual({ status: 'IDLE', seenAt: 0 });
    await clock.advance(1000);
    await heard.flush();
    expect(await stored(one)).toEqual({ status: 'RUNNING', seenAt: 5000 });
  });

  test('is written at once where the agent stops, comes back, or was silent for long', async () => {
    const [one] = await fleet.addHosts(1);
    if (!one) throw new Error('one host');
    await clock.advance(10);
    await beat(one, { waitSeconds: 0 });
    await beat(one, { status: 'SHUTDOWN', waitSeconds: 0 });
    expect(await stored(one)).toEqual({ status: 'SHUTDOWN', seenAt: 10 });
    await clock.advance(2000);
    expect(await stored(one)).toEqual({ status: 'SHUTDOWN', seenAt: 10 });
    await beat(one, { waitSeconds: 0 });
    expect(await stored(one)).toEqual({ status: 'IDLE', seenAt: 2010 });
    await clock.advance(100_000);
    await beat(one, { waitSeconds: 0 });
    expect(await stored(one)).toEqual({ status: 'IDLE', seenAt: 102_010 });
  });

  test('of many is written together, and never as heard later than it was', async () => {
    const hosts = await fleet.addHosts(70);
    const transaction = vi.spyOn(fleet.store, 'transaction');
    for (const host of hosts) {
      await clock.advance(10);
      await beat(host, { waitSeconds: 0 });
    }
    await heard.flush();
    expect(transaction.mock.calls.length).toBe(1);
    for (const [at, host] of hosts.entries()) {
      const { seenAt } = await stored(host);
      expect(seenAt).toBeLessThanOrEqual((at + 1) * 10);
      expect(seenAt).toBeGreaterThan((at + 1) * 10 - 1000);
    }
  });
});
