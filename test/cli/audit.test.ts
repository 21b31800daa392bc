import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import { CreateResourceGroupCommand, InspectorClient } from '@aws-sdk/client-inspector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AuditedCall, auditRecord } from '../../packages/server/src/wire/audit-record.ts';
import { assayProgram } from '../support/assay-program.ts';
import { auditRecords } from '../support/audit-records.ts';
import { startServerProcess } from '../support/server-process.ts';
import { runAssay } from './run-assay.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-audit-'));
  mkdirSync(join(directory, 'audit'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const audit = (...args: string[]) => runAssay(['audit', '--data-dir', directory, ...args]);
const file = (name: string): string => join(directory, 'audit', name);

const line = (at: string, operation: string, changes: Partial<AuditedCall> = {}): string =>
  `${auditRecord({
    at: Date.parse(at),
    service: inspectorModel,
    requestId: 'request',
    eventId: at,
    operation,
    identity: { proved: true, accessKeyId: 'ASSAYAAAAAAAAAAAAAAA', account: '123456789012', region: 'us-east-1' },
    origin: { address: '203.0.113.117', userAgent: 'test', host: 'localhost', tls: undefined },
    input: {},
    inputBytes: 2,
    output: {},
    error: undefined,
    leftOut: 0,
    ...changes,
  })}\n`;

/** Three days: a throttled call, a forged one, and calls of two accounts. */
const writeTrail = (): void => {
  writeFileSync(file('audit-2026-03-04.jsonl'), line('2026-03-04T23:59:59Z', 'ListFindings'));
  writeFileSync(
    file('audit-2026-03-05.jsonl'),
    line('2026-03-05T01:02:03Z', 'RegisterCrossAccountAccessRole') +
      line('2026-03-05T01:02:04Z', 'StartAssessmentRun', {
        error: { type: 'LimitExceededException', errorCode: 'ASSESSMENT_RUN_LIMIT_EXCEEDED', message: 'Too many' },
      }),
  );
  writeFileSync(
    file('audit-2026-03-05.10.jsonl'),
    line('2026-03-05T10:00:00Z', 'ListFindings', {
      identity: { proved: true, accessKeyId: 'AKIDOTHER', account: '999999999999', region: 'us-east-1' },
    }),
  );
  writeFileSync(
    file('audit-2026-03-05.9.jsonl'),
    line('2026-03-05T09:00:00Z', 'ListFindings', {
      identity: { proved: false, accessKeyId: 'AKIDFORGED', region: 'us-east-1' },
      error: { type: 'InvalidSignatureException', message: 'Forged' },
      leftOut: 41,
    }),
  );
  writeFileSync(file('audit-2026-03-06.jsonl'), line('2026-03-06T00:00:00Z', 'DeleteAssessmentRun'));
};

test('the table has every call, oldest first, in 80 columns', async () => {
  writeTrail();
  const { status, stdout, stderr } = await audit();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(`2026-03-04 UTC
23:59:59  ASSAYAAAAAAAAAAAAAAA  203.0.113.117    ListFindings

2026-03-05 UTC
01:02:03  ASSAYAAAAAAAAAAAAAAA  203.0.113.117    RegisterCrossAccountAccessRole
01:02:04  ASSAYAAAAAAAAAAAAAAA  203.0.113.117    StartAssessmentRun
                                                 LimitExceededException
                                                 ASSESSMENT_RUN_LIMIT_EXCEEDED
09:00:00  AKIDFORGED            203.0.113.117    ListFindings
                                                 InvalidSignatureException
                                                 and 41 more like it before
10:00:00  AKIDOTHER             203.0.113.117    ListFindings

2026-03-06 UTC
00:00:00  ASSAYAAAAAAAAAAAAAAA  203.0.113.117    DeleteAssessmentRun

6 calls, 2 refused.
`);
  expect(stdout.split('\n').every((text) => text.length <= 80)).toBe(true);
});

test.each<[string, string[], string[]]>([
  ['a day', ['--since', '2026-03-05', '--until', '2026-03-05'], ['01:02:03', '01:02:04', '09:00:00', '10:00:00']],
  ['moments', ['--since', '2026-03-05T01:02:04Z', '--until', '2026-03-05T10:00'], ['01:02:04', '09:00:00']],
  ['an offset', ['--since', '2026-03-06T01:00:00+01:00'], ['00:00:00']],
  ['time ago', ['--since', '1s'], []],
  ['an operation', ['--operation', 'listfindings'], ['23:59:59', '09:00:00', '10:00:00']],
  ['a key', ['--key', 'AKIDFORGED'], ['09:00:00']],
  ['an account', ['--account', '999999999999'], ['10:00:00']],
  ['errors', ['--errors'], ['01:02:04', '09:00:00']],
  ['all together', ['--errors', '--operation', 'StartAssessmentRun', '--since', '2026-03-05'], ['01:02:04']],
])('filters: %s', async (_, args, expected) => {
  writeTrail();
  const { status, stdout } = await audit('--json', ...args);
  expect(status).toBe(0);
  const records = stdout.split('\n').filter((text) => text !== '');
  expect(records.map((text) => (JSON.parse(text) as { eventTime: string }).eventTime.slice(11, 19))).toEqual(expected);
});

test('lines that are no records are named, and the others shown', async () => {
  writeTrail();
  appendFileSync(file('audit-2026-03-04.jsonl'), `not JSON\n[]\n${'x'.repeat(1_100_000)}\n`);
  appendFileSync(file('audit-2026-03-06.jsonl'), '{"eventVersion":"1.1');
  const { status, stdout, stderr } = await audit();
  expect(status).toBe(1);
  expect(stdout).toContain('6 calls, 2 refused.');
  expect(stderr).toBe(
    'assay: audit-2026-03-04.jsonl line 2 is not an audit record\n' +
      'assay: audit-2026-03-04.jsonl line 3 is not an audit record\n' +
      'assay: audit-2026-03-04.jsonl line 4 is longer than 1 MiB\n' +
      'assay: audit-2026-03-06.jsonl line 2 is cut off: the server is writing it, or was killed while it did\n',
  );
});

test('what a client wrote cannot move the cursor', async () => {
  const text = line('2026-03-04T00:00:00Z', 'ListFindings').replace('"203.0.113.117"', '"\\u001b[2J\\u009b31m"');
  writeFileSync(file('audit-2026-03-04.jsonl'), text);
  const { stdout } = await audit();
  expect(stdout).toContain('[2J');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

test('without a trail, or with a time that is none, it says what to do', async () => {
  const none = await audit();
  expect(none).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('There is no audit trail in') });
  expect(await audit('--since', 'yesterday')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('2026-03-31T09:30:00Z'),
  });
});

test('a trail is followed into files that come, and a line is shown once it is whole', async () => {
  writeTrail();
  const child = spawn(process.execPath, [
    assayProgram,
    'audit',
    '--data-dir',
    directory,
    '--json',
    '--follow',
    '--since',
    '2026-03-06',
  ]);
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  const until = async (text: string): Promise<void> => {
    while (!seen.includes(text)) await once(child.stdout, 'data');
  };
  await until('DeleteAssessmentRun');
  const next = line('2026-03-06T00:00:01Z', 'SetTagsForResource');
  appendFileSync(file('audit-2026-03-06.jsonl'), next.slice(0, 100));
  writeFileSync(file('audit-2026-03-05.11.jsonl'), line('2026-03-06T05:00:00Z', 'ListRulesPackages'));
  appendFileSync(file('audit-2026-03-06.jsonl'), next.slice(100));
  await until('SetTagsForResource');
  writeFileSync(file('audit-2026-03-07.jsonl'), line('2026-03-07T00:00:00Z', 'UpdateAssessmentTarget'));
  await until('UpdateAssessmentTarget');
  child.kill('SIGINT');
  const [status] = await once(child, 'exit');
  expect(status).toBe(0);
  expect(
    seen
      .trim()
      .split('\n')
      .map((text) => (JSON.parse(text) as { eventName: string }).eventName),
  ).toEqual(['DeleteAssessmentRun', 'SetTagsForResource', 'UpdateAssessmentTarget']);
});

test('a write that was acknowledged is on the trail of a server that was killed right after', async () => {
  const key = { accessKeyId: 'AKIDKILLED', secretAccessKey: 'a secret' };
  const server = startServerProcess(directory, {
    ASSAY_ACCESS_KEY_ID: key.accessKeyId,
    ASSAY_SECRET_ACCESS_KEY: key.secretAccessKey,
  });
  const endpoint = await server.ready;
  if (endpoint === undefined) throw new Error(server.complaints());
  const client = new InspectorClient({ endpoint, region: 'us-east-1', credentials: key, maxAttempts: 1 });
  const made: (string | undefined)[] = [];
  const one = async (value: string): Promise<void> => {
    const { resourceGroupArn } = await client.send(
      new CreateResourceGroupCommand({ resourceGroupTags: [{ key: 'number', value }] }),
    );
    made.push(resourceGroupArn);
    if (made.length === 50) void server.end('SIGKILL');
  };
  await Promise.allSettled([...Array(200).keys()].map((number) => one(String(number))));
  await server.end('SIGKILL');
  const recorded = new Set(
    auditRecords(directory).map(
      ({ responseElements }) => (responseElements as { resourceGroupArn: string } | null)?.resourceGroupArn,
    ),
  );
  expect(made.length).toBeGreaterThanOrEqual(50);
  expect(made.filter((arn) => !recorded.has(arn ?? ''))).toEqual([]);
});
