import { expect, test } from 'vitest';
import type { Client } from '../../../packages/server/src/cli/client/client.ts';
import { nameRun } from '../../../packages/server/src/cli/client/name-run.ts';

const ARN = 'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc';
const client = {
  inspector: async () => ({ assessmentRunArns: [ARN] }),
  scope: async () => ({ account: '123456789012', region: 'us-east-1' }),
} as unknown as Client;

test.each([ARN, 'target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc', 'run/0-cccccccc', '0-cccccccc', 'latest'])(
  '%s names a run',
  async (text) => expect(await nameRun(client, text)).toBe(ARN),
);

test.each(['0-dddddddd', 'run/0-dddddddd'])('%s names a run that is not there', (text) =>
  expect(nameRun(client, text)).rejects.toThrow('There is no run 0-dddddddd in account 123456789012, us-east-1'),
);

test.each(['', 'run/', 'run/x', '../run/0-cccccccc', 'last', ARN.replace('/run/0-cccccccc', '')])(
  '“%s” names none',
  (text) => expect(nameRun(client, text)).rejects.toThrow('neither the ARN of an assessment run nor the id of one'),
);
