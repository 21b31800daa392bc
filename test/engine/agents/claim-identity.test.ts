import { beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import {
  type Claim,
  judgeClaim,
  LOOK_EVERY,
  settlesIn,
} from '../../../packages/server/src/engine/agents/claim-identity.ts';
import { UNHEALTHY_AFTER } from '../../../packages/server/src/engine/runs/agent-health.ts';

const NOW = 1_700_000_000_000;
type Holder = Parameters<typeof judgeClaim>[0];
let visitEvery: number | null = null;
beforeEach(() => {
  visitEvery = null;
});
const nobody: Holder = { status: 'IDLE', hostname: 'web-1', seenAt: NOW, machine: null, process: null };

/** A host to which claims come one after the other, at the given seconds. */
function claims(...given: (Partial<Claim> & { readonly after?: number; readonly goodbye?: boolean })[]): string[] {
  let holder: Holder = { ...nobody, visitEvery };
  let now = NOW;
  return given.map(({ after = 1, goodbye = false, ...claim }) => {
    now += after * 1000;
    const { outcome, changes } = judgeClaim(holder, { hostname: 'h', ...claim }, now);
    const heard: Partial<Agent> = outcome === 'REFUSED' ? {} : { seenAt: now, status: goodbye ? 'SHUTDOWN' : 'IDLE' };
    holder = { ...holder, ...changes, ...heard };
    return outcome;
  });
}

const a1 = { machineId: 'a', bootId: '1', processId: 'a1' };
const a2 = { ...a1, processId: 'a2' };
const rebooted = { machineId: 'a', bootId: '2', processId: 'a3' };
const b1 = { machineId: 'b', bootId: '9', processId: 'b1' };

describe('goes through smoothly', () => {
  test('the same process', () => expect(claims(a1, a1, a1)).toEqual(['TAKEN', 'SAME', 'SAME']));
  test('a restart, with and without a goodbye', () => {
    expect(claims(a1, { ...a1, goodbye: true }, a2, a2)).toEqual(['TAKEN', 'SAME', 'TAKEN', 'SAME']);
    expect(claims(a1, a2, a2)).toEqual(['TAKEN', 'TAKEN', 'SAME']);
  });
  test('a reboot', () => expect(claims(a1, rebooted, rebooted)).toEqual(['TAKEN', 'TAKEN', 'SAME']));
  test('many restarts in a row', () => {
    const processes = ['p', 'q', 'r', 's'].map((processId) => ({ ...a1, processId }));
    expect(claims(...processes)).toEqual(['TAKEN', 'TAKEN', 'TAKEN', 'TAKEN']);
  });
  test('a disk that was moved to another machine', () => {
    expect(claims(a1, { ...a1, goodbye: true }, b1, b1)).toEqual(['TAKEN', 'SAME', 'TAKEN', 'SAME']);
    expect(claims(a1, { ...b1, after: UNHEALTHY_AFTER / 1000 + 1 })).toEqual(['TAKEN', 'TAKEN']);
  });
  test('agents that name nothing', () => expect(claims({}, {}, {})).toEqual(['SAME', 'SAME', 'SAME']));
  test('an agent that is updated', () => expect(claims({}, a1, a1)).toEqual(['SAME', 'TAKEN', 'SAME']));
});

describe('agents that come and go', () => {
  const every = 900;
  const visits = (machineId: string, bootId: string, processId: string, after = every) => ({
    ...{ machineId, bootId, processId, after },
  });
  test('are a new process with each visit, of the same boot or a later one', () => {
    expect(claims(visits('a', '1', 'p'), visits('a', '1', 'q'), visits('a', '2', 'r'), visits('a', '2', 's'))).toEqual([
      ...['TAKEN', 'TAKEN', 'TAKEN', 'TAKEN'],
    ]);
  });
  test('are told from a copy of the whole disk by the boot that comes back', () => {
    visitEvery = every * 1000;
    const [first, copy] = [(p: string) => visits('a', '1', p, 450), (p: string) => visits('a', '9', p, 450)];
    expect(claims(first('p'), copy('q'), first('r'), copy('s'), first('t'), copy('u'))).toEqual([
      ...['TAKEN', 'TAKEN', 'RETURNED', 'REFUSED', 'TAKEN', 'REFUSED'],
    ]);
  });
  test('are there between two visits: another machine is refused', () => {
    visitEvery = every * 1000;
    expect(claims(visits('a', '1', 'p'), visits('b', '9', 'q'))).toEqual(['TAKEN', 'REFUSED']);
  });
});

describe('a copy', () => {
  test('on another machine is refused while the first is there, however often it asks', () => {
    expect(claims(a1, b1, a1, b1, { ...b1, processId: 'b2' }, a1)).toEqual([
      ...['TAKEN', 'REFUSED', 'SAME', 'REFUSED', 'REFUSED', 'SAME'],
    ]);
  });
  test('with the same machine id shows itself when the first is heard again, and is refused from then on', () => {
    const copy = { ...a1, bootId: '7', processId: 'copy' };
    expect(claims(a1, copy, a1, copy, a1, copy)).toEqual([
      ...['TAKEN', 'TAKEN', 'RETURNED', 'REFUSED', 'SAME', 'REFUSED'],
    ]);
  });
  test('of the same boot, as of two containers or two agents over one state', () => {
    expect(claims(a1, a2, a1, a2)).toEqual(['TAKEN', 'TAKEN', 'RETURNED', 'REFUSED']);
  });
  test('without machine ids', () => {
    const [one, two] = [{ processId: 'one' }, { processId: 'two' }];
    expect(claims(one, two, one, two)).toEqual(['TAKEN', 'TAKEN', 'RETURNED', 'REFUSED']);
  });
  test('by an agent that names nothing, of one that does', () => {
    expect(claims(a1, {}, a1)).toEqual(['TAKEN', 'REFUSED', 'SAME']);
  });
  test('takes over once the first is gone, and is the first then', () => {
    expect(claims(a1, b1, { ...a1, goodbye: true }, b1, a1)).toEqual([
      ...['TAKEN', 'REFUSED', 'SAME', 'TAKEN', 'REFUSED'],
    ]);
  });
});

test('says when and by whom', () => {
  const holder: Holder = { ...nobody, machine: 'a', process: 'a1' };
  expect(judgeClaim(holder, { ...b1, hostname: 'web-2' }, NOW).changes).toEqual({
    contestedAt: NOW,
    contestedBy: 'web-2',
  });
  const former = { ...holder, hostname: 'web-3', process: 'copy', formerProcess: 'a1' };
  expect(judgeClaim(former, { ...a1, hostname: 'web-1' }, NOW).changes).toMatchObject({ contestedBy: 'web-3' });
});

describe('asks for evidence', () => {
  const holder: Holder = { ...nobody, machine: 'a', boot: '1', process: 'a1' };
  const settles = (of: Holder, claim: Claim, after: number) =>
    settlesIn({ ...judgeClaim(of, claim, NOW).changes }, NOW + after);
  const second = { ...rebooted, hostname: 'web-2' };
  test('only when whoever was there before has had time to show itself at every server', () => {
    expect(settles(holder, second, 0)).toBe(3 * LOOK_EVERY);
    expect(settles(holder, second, 3 * LOOK_EVERY)).toBe(0);
  });
  test('at once where nobody was there, or comes and goes', () => {
    expect(settles({ ...holder, status: 'SHUTDOWN' }, second, 0)).toBe(0);
    expect(settles({ ...holder, visitEvery: 900_000 }, second, 0)).toBe(0);
  });
  test('at once where the clock was set back since', () => expect(settles(holder, second, -3_600_000)).toBe(0));
});
