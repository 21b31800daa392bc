import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { testKey } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const start = Date.now() / 1000;
interface Event {
  readonly operation: string;
  readonly errorCode?: string;
  readonly accessKeyId?: string;
  readonly record: string;
}
beforeAll(async () => {
  const other = await server().addKey('AKIDOTHERACCOUNT', '210987654321');
  for (let at = 0; at < 5; at++) await rawRequest(server(), 'ListRulesPackages', {});
  await rawRequest(server(), 'ListRulesPackages', {}, { key: other });
  await rawRequest(server(), 'CreateAccessKey', { policy: 'nothing' });
  const [file = ''] = readdirSync(join(server().directory, 'audit'));
  appendFileSync(join(server().directory, 'audit', file), 'not a record\n');
  await rawRequest(server(), 'CreateAccessKey', {});
});
const list = async (filter: object): Promise<readonly Event[]> => {
  const { status, text, body } = await rawRequest(server(), 'ListAuditEvents', { filter });
  expect(status, text).toBe(200);
  return body.events as Event[];
};

test('the calls of the account, oldest first, each with its record', async () => {
  const events = await list({ until: Math.ceil(Date.now() / 1000) + 1 });
  const names = events.map(({ operation }) => operation);
  expect(names.slice(0, 7)).toEqual([...Array(5).fill('ListRulesPackages'), 'CreateAccessKey', 'CreateAccessKey']);
  expect(events.every(({ accessKeyId }) => accessKeyId === testKey.accessKeyId)).toBe(true);
  expect(JSON.parse(events[0]?.record ?? '')).toMatchObject({ eventName: 'ListRulesPackages', eventVersion: '1.11' });
});

test.each<[string, () => object, number]>([
  ['an operation, in any case', () => ({ operation: 'listrulespackages' }), 5],
  ['errors', () => ({ errorsOnly: true, operation: 'CreateAccessKey' }), 1],
  ['another key', () => ({ accessKeyId: 'AKIDOTHERACCOUNT' }), 0],
  ['the time before', () => ({ until: start - 1 }), 0],
  ['the time since', () => ({ since: start - 1, operation: 'CreateAccessKey' }), 2],
])('by %s', async (_name, filter, count) => {
  expect(await list(filter())).toHaveLength(count);
});

describe('ListAuditEvents', () => {
  testPages({
    operation: 'ListAuditEvents',
    items: 'events',
    server,
    input: () => ({ filter: { operation: 'ListRulesPackages', until: start + 3600 } }),
    otherInput: () => ({}),
  });
});
