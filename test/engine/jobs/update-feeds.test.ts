import { expect, test } from 'vitest';
import { updateFeeds } from '../../../packages/server/src/engine/jobs/update-feeds.ts';

const HOUR = 3_600_000;

function upkeep(share = 0) {
  const world = { now: 1_700_000_000_000, systems: [] as string[], started: [] as number[] };
  const settings = new Map<string, string>();
  const outcome = { start: 'STARTED' as 'STARTED' | 'RUNNING' | 'UNAVAILABLE' };
  const lines: string[] = [];
  const job = () =>
    updateFeeds({
      store: {
        agents: { operatingSystems: async () => world.systems },
        settings: {
          settle: async (name: string, value: string) => {
            if (!settings.has(name)) settings.set(name, value);
            return settings.get(name);
          },
          put: async (name: string, value: string) => void settings.set(name, value),
        },
      } as unknown as Parameters<typeof updateFeeds>[0]['store'],
      now: () => world.now,
      random: () => Buffer.alloc(4, share * 255),
      firstAfter: 60_000,
      start: () => {
        if (outcome.start === 'STARTED') world.started.push(world.now);
        return outcome.start;
      },
      log: (line) => lines.push(line),
    });
  const look = async (after: number) => {
    world.now += after;
    const before = world.started.length;
    const { done } = await job().run({ scope: 0, subject: '' }, new AbortController().signal);
    expect(done).toBe(false);
    return world.started.length > before;
  };
  return { world, outcome, lines, look };
}

test('nothing is asked for before there is a host that needs it', async () => {
  const { world, look } = upkeep();
  expect(await look(0)).toBe(false);
  world.systems = ['Plan 9'];
  expect(await look(100 * HOUR)).toBe(false);
});

test.each([
  [0, 23],
  [1, 25],
])('once a day, spread over two hours (%s: %s h)', async (share, hours) => {
  const { world, look } = upkeep(share);
  world.systems = ['Debian GNU/Linux 12 (bookworm)'];
  expect(await look(0)).toBe(false);
  expect(await look(60_000)).toBe(true);
  expect(await look((hours - 0.1) * HOUR)).toBe(false);
  expect(await look(0.1 * HOUR)).toBe(true);
});

test('as soon as the first host of a new distribution appears, and not for the second', async () => {
  const { world, lines, look } = upkeep();
  world.systems = ['Debian GNU/Linux 12 (bookworm)'];
  await look(0);
  await look(60_000);
  world.systems = ['Debian GNU/Linux 12 (bookworm)', 'Rocky Linux 9.3 (Blue Onyx)'];
  expect(await look(60_000)).toBe(true);
  expect(lines.at(-1)).toContain('new: AlmaLinux:9, Oracle Linux:9, Red Hat:enterprise_linux:9, Rocky Linux:9');
  world.systems.push('Rocky Linux 9.4 (Blue Onyx)');
  expect(await look(60_000)).toBe(false);
});

test('one that goes on is waited for', async () => {
  const { world, outcome, look } = upkeep();
  world.systems = ['Debian GNU/Linux 12 (bookworm)'];
  await look(0);
  outcome.start = 'RUNNING';
  expect(await look(60_000)).toBe(false);
  outcome.start = 'STARTED';
  expect(await look(60_000)).toBe(true);
});
