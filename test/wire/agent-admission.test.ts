import { describe, expect, test } from 'vitest';
import { createAgentAdmission } from '../../packages/server/src/wire/agent-admission.ts';

function admissionOf(...enrolled: string[]) {
  let now = 0;
  const looked: string[] = [];
  const admission = createAgentAdmission({
    monotonic: () => now,
    isEnrolled: async (agent) => {
      looked.push(agent);
      return enrolled.includes(agent);
    },
  });
  const enter = (address: string, agent?: string, bytes = 100) => admission.enter({ address, agent, bytes });
  return {
    looked,
    enter,
    /** So many requests, one after the other; tells how many were served. */
    served: async (count: number, address: string, agent?: string, failed = false): Promise<number> => {
      let served = 0;
      for (let each = 0; each < count; each++) {
        const entered = await enter(address, agent);
        if (!entered) continue;
        served++;
        if (!failed) entered.recognised();
        else entered.failed();
        entered.left();
      }
      return served;
    },
    recognise: async (address: string, agent: string): Promise<void> => {
      const entered = await enter(address, agent);
      entered?.recognised();
      entered?.left();
    },
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
  };
}

describe('an agent', () => {
  test('has a share of the server, which comes back with time, and takes nobody else’s', async () => {
    const { served, recognise, pass } = admissionOf();
    await recognise('192.0.2.1', 'hostile');
    await recognise('192.0.2.1', 'neighbour');
    expect(await served(5000, '192.0.2.1', 'hostile')).toBe(1000);
    expect(await served(100, '192.0.2.1', 'neighbour')).toBe(100);
    pass(1000);
    expect(await served(5000, '192.0.2.1', 'hostile')).toBe(50);
  });

  test('has fewer requests of many bytes', async () => {
    const { enter, recognise } = admissionOf();
    await recognise('192.0.2.1', 'one');
    let served = 0;
    for (let each = 0; each < 100; each++) {
      const entered = await enter('192.0.2.1', 'one', 4 * 1024 * 1024);
      if (entered) served++;
      entered?.left();
    }
    expect(served).toBe(16);
  });

  test('has so many requests at once', async () => {
    const { enter, recognise } = admissionOf();
    await recognise('192.0.2.1', 'one');
    const inside = await Promise.all(Array.from({ length: 9 }, () => enter('192.0.2.1', 'one')));
    expect(inside.filter(Boolean)).toHaveLength(8);
    inside[0]?.left();
    expect(await enter('192.0.2.1', 'one')).toBeDefined();
  });

  test('is not kept out by whoever uses its name elsewhere', async () => {
    const { served, recognise } = admissionOf();
    await recognise('192.0.2.1', 'one');
    expect(await served(500, '198.51.100.9', 'one', true)).toBe(100);
    expect(await served(100, '192.0.2.1', 'one')).toBe(100);
  });
});

describe('who is not known', () => {
  test('fails so often, by network; IPv6 by the network of a host', async () => {
    const { served, pass } = admissionOf();
    expect(await served(500, '192.0.2.1', 'made-up', true)).toBe(100);
    expect(await served(500, '192.0.2.1', undefined, true)).toBe(0);
    expect(await served(50, '192.0.2.2', undefined, true)).toBe(50);
    expect(await served(60, '2001:db8::1', undefined, true)).toBe(60);
    expect(await served(60, '2001:db8::2', undefined, true)).toBe(40);
    pass(2000);
    expect(await served(500, '192.0.2.1', undefined, true)).toBe(2);
  });

  test('may send what is small, and an enrolled host anything, from anywhere', async () => {
    const { enter } = admissionOf('one');
    expect(await enter('192.0.2.1', 'made-up', 100_000)).toBeUndefined();
    expect(await enter('192.0.2.1', undefined, 100_000)).toBeUndefined();
    expect(await enter('192.0.2.1', 'one', 100_000)).toBeDefined();
  });

  test('is looked up where others from there failed: a fleet behind one address goes on', async () => {
    const { served, looked } = admissionOf('one');
    await served(200, '192.0.2.1', undefined, true);
    expect(await served(10, '192.0.2.1', 'one')).toBe(10);
    expect(looked).toEqual(['one']);
  });

  test('does not count when it succeeds, and counts when it goes away', async () => {
    const { served, enter } = admissionOf();
    expect(await served(500, '192.0.2.1')).toBe(500);
    const gone = await Promise.all(Array.from({ length: 150 }, () => enter('192.0.2.1')));
    expect(gone.filter(Boolean)).toHaveLength(100);
  });
});
