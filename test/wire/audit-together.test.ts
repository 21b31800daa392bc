import { nextTick } from 'node:process';
import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import { expect, test } from 'vitest';
import { createAuditTrail } from '../../packages/server/src/wire/audit-trail.ts';

const call = (operation: string) => ({
  service: inspectorModel,
  requestId: operation,
  operation,
  identity: { proved: true, accessKeyId: 'AKID', account: '123456789012', region: 'eu-west-1' } as const,
  origin: { address: '192.0.2.1', userAgent: undefined, host: undefined, tls: undefined },
  input: {},
  inputBytes: 2,
  output: {},
  error: undefined,
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('records of calls that end together are written together, and each is told of it after that', async () => {
  const events: unknown[] = [];
  const trail = createAuditTrail({
    sink: {
      append: (...records) => events.push(records.map((record) => JSON.parse(record).requestID)),
      ready: () => true,
    },
    now: () => 0,
    eventId: () => 'event',
    onLeftOut: () => undefined,
    soon: nextTick,
    report: (message) => events.push(message),
  });
  trail.record(call('first'), () => events.push('first is written'));
  void Promise.resolve().then(() => trail.record(call('second'), () => events.push('second is written')));
  expect(events).toEqual([]);
  await turn();
  expect(events).toEqual([['first', 'second'], 'first is written', 'second is written']);

  nextTick(() => trail.record(call('third'), () => events.push('third is written')));
  await turn();
  expect(events.slice(3)).toEqual([['third'], 'third is written']);
});

test('a sink that throws, or an answer that cannot be sent, costs no other call its answer', async () => {
  const events: string[] = [];
  const trail = createAuditTrail({
    sink: {
      append: () => {
        throw new Error('of the sink');
      },
      ready: () => true,
    },
    now: () => 0,
    eventId: () => 'event',
    onLeftOut: () => undefined,
    soon: nextTick,
    report: (message) => events.push(message),
  });
  trail.record(call('first'), () => {
    throw new Error('of the socket');
  });
  trail.record(call('second'), () => events.push('second is answered'));
  await turn();
  expect(events).toEqual([
    'Calls have no audit record',
    'A call that is done could not be answered',
    'second is answered',
  ]);
});
