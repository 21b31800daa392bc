import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gunzipStream } from '../../../../packages/server/src/engine/history/import/gunzip-stream.ts';
import {
  type ImportSummary,
  importHistory,
  UnreadableError,
} from '../../../../packages/server/src/engine/history/import/import-history.ts';
import { propertyRuns } from '../../../support/effort.ts';
import { startTestServer, type TestServer } from '../../../support/test-server.ts';
import { packageArn, type RandomItem, randomItem, runItem } from './items.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ jobs: false });
});
afterAll(() => server.stop());

const line = (kind: string, item: unknown): string => JSON.stringify({ kind, item });

async function take(text: string | Uint8Array | readonly Uint8Array[]): Promise<ImportSummary> {
  const chunks = typeof text === 'string' ? [Buffer.from(text)] : text instanceof Uint8Array ? [text] : text;
  return importHistory(
    {
      transaction: server.service.store.transaction,
      isUnavailable: () => false,
      sleep: async () => undefined,
      onProgress: () => undefined,
    },
    gunzipStream(Readable.from(chunks)),
  );
}

/** Calls an operation as the account and region of an item. */
async function call(
  { scope }: Pick<RandomItem, 'scope'>,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const caller = {
    ...scope,
    scope: await server.service.store.scopes.idOf(scope),
    accessKeyId: 'AKIDTEST',
    policy: undefined,
    origin: { address: '127.0.0.1', userAgent: undefined, secure: false },
  };
  const body = Buffer.from(JSON.stringify(input));
  return JSON.parse(JSON.stringify(await server.service.handler.handle(operation as never, body, caller)));
}

const describing: Record<string, readonly [operation: string, input: string, output: string]> = {
  resourceGroup: ['DescribeResourceGroups', 'resourceGroupArns', 'resourceGroups'],
  assessmentTarget: ['DescribeAssessmentTargets', 'assessmentTargetArns', 'assessmentTargets'],
  assessmentTemplate: ['DescribeAssessmentTemplates', 'assessmentTemplateArns', 'assessmentTemplates'],
  assessmentRun: ['DescribeAssessmentRuns', 'assessmentRunArns', 'assessmentRuns'],
  finding: ['DescribeFindings', 'findingArns', 'findings'],
  exclusion: ['DescribeExclusions', 'exclusionArns', 'exclusions'],
};

async function describeItem(given: RandomItem): Promise<unknown> {
  const [operation = '', input = '', output = ''] = describing[given.kind] ?? [];
  const reply = await call(given, operation, { [input]: [given.item.arn] });
  expect(reply.failedItems).toEqual({});
  return Object.values(reply[output] as object)[0];
}

const listing: Record<string, readonly [operation: string, output: string]> = {
  assessmentTarget: ['ListAssessmentTargets', 'assessmentTargetArns'],
  assessmentTemplate: ['ListAssessmentTemplates', 'assessmentTemplateArns'],
  assessmentRun: ['ListAssessmentRuns', 'assessmentRunArns'],
  finding: ['ListFindings', 'findingArns'],
};

async function listed(given: RandomItem): Promise<boolean> {
  const [operation = '', output = ''] = listing[given.kind] ?? [];
  for (let nextToken: unknown; ; ) {
    const reply = await call(given, operation, { maxResults: 500, ...(nextToken ? { nextToken } : {}) });
    if ((reply[output] as string[]).includes(given.item.arn)) return true;
    nextToken = reply.nextToken;
    if (nextToken === undefined) return false;
  }
}

test('what was imported is described as it was given, is listed, and is imported once', async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(randomItem, { minLength: 1, maxLength: 8 }), async (items) => {
      // Names are unique in their parent: of two items that share one the second is refused, which has a test of its own.
      const unique = [...new Map(items.map((given) => [nameOf(given), given])).values()];
      const text = unique.map(({ kind, item }) => line(kind, item)).join('\n');
      const first = await take(text);
      const taken = unique.filter((_, index) => !first.refusals.some((refusal) => refusal.line === index + 1));
      expect(first.refusals.filter(({ reason }) => !/has a name that another/.test(reason))).toEqual([]);
      for (const given of taken) {
        kinds.add(given.kind);
        expect(await describeItem(given)).toEqual(given.item);
        if (given.kind in listing) expect(await listed(given)).toBe(true);
      }
      expect(await take(text)).toMatchObject({ added: 0, unchanged: taken.length, refused: first.refused });
    }),
    { numRuns: propertyRuns(150) },
  );
  expect([...kinds].sort()).toEqual(Object.keys(describing).sort());
});

const nameOf = ({ kind, scope, item }: RandomItem): string =>
  JSON.stringify([kind, scope, 'name' in item && kind === 'assessmentTarget' ? item.name : item.arn]);

describe('an item', () => {
  const scope = { account: '123456789012', region: 'us-east-1' };

  test('may have times as the AWS CLI and boto3 print them', async () => {
    const printed = {
      name: 'printed',
      createdAt: '2016-03-22T20:56:10.035000+00:00',
      startedAt: '2016-03-22T13:56:11-07:00',
      completedAt: '2016-03-22 21:56:10.500000+00:00',
      stateChangedAt: '2016-03-22T21:56:10.5Z',
    };
    const item = runItem({}, '0-printed0');
    expect(await take(line('assessmentRun', { ...item, ...printed }))).toMatchObject({ added: 1, refused: 0 });
    expect(await describeItem({ kind: 'assessmentRun', scope, item })).toEqual({ ...item, name: 'printed' });
    const again = line('assessmentRun', { ...item, name: 'printed' });
    expect(await take(again)).toMatchObject({ unchanged: 1 });
  });

  test('of history does not count towards the limit of runs', async () => {
    const id = await server.service.store.scopes.idOf(scope);
    await take(line('assessmentRun', runItem({ name: 'history' }, '0-history0')));
    const [run] = await server.service.store.runs.findMany(id, ['0-history0']);
    expect(run?.imported).toBe(true);
    expect(await server.service.store.runs.countStarted(id)).toBe(0);
  });

  test('of a template keeps its counters', async () => {
    const { assessmentTemplateArn: arn, arn: lastAssessmentRunArn } = runItem();
    const template = {
      arn,
      name: 'weekly',
      assessmentTargetArn: arn.split('/template')[0],
      durationInSeconds: 3600,
      rulesPackageArns: [packageArn],
      userAttributesForFindings: [],
      lastAssessmentRunArn,
      assessmentRunCount: 42,
      createdAt: 1458680000,
    };
    expect(await take(line('assessmentTemplate', template))).toMatchObject({ added: 1 });
    expect(await describeItem({ kind: 'assessmentTemplate', scope, item: template })).toEqual(template);
  });

  test('keeps what the API does not have out, and says so', async () => {
    const item = runItem({ name: 'extra' }, '0-extra000');
    const stateChanges = [{ ...item.stateChanges[0], by: 'me' }];
    const text = JSON.stringify({ kind: 'assessmentRun', item: { ...item, stateChanges, hello: 1 }, more: 2 });
    expect(await take(text)).toMatchObject({
      added: 1,
      withUnknownMembers: 1,
      unknownMembers: [{ line: 1, reason: 'more, item.stateChanges[0].by, item.hello' }],
    });
    expect(await describeItem({ kind: 'assessmentRun', scope, item })).toEqual(item);
  });
});

test('findings and exclusions are listed by a run that was not imported', async () => {
  const scope = { account: '000000000002', region: 'us-east-1' };
  const run = 'arn:aws:inspector:us-east-1:000000000002:target/0-target00/template/0-templat0/run/0-unknown0';
  const texts = { title: 'a', description: 'b', recommendation: 'c' };
  const finding = { arn: `${run}/finding/0-finding0`, attributes: [], userAttributes: [], createdAt: 1, updatedAt: 2 };
  const exclusion = { arn: `${run}/exclusion/0-exclus00`, ...texts, scopes: [{}] };
  const other = { ...exclusion, arn: exclusion.arn.replace(/unknown0(.*)exclus00/, 'unknown1$1exclus01') };
  await take([line('finding', finding), line('exclusion', exclusion), line('exclusion', other)].join('\n'));
  expect((await call({ scope }, 'ListFindings', { assessmentRunArns: [run] })).findingArns).toEqual([finding.arn]);
  const exclusionsOf = async (assessmentRunArn: string) =>
    (await call({ scope }, 'ListExclusions', { assessmentRunArn })).exclusionArns;
  expect(await exclusionsOf(run)).toEqual([exclusion.arn]);
  expect(await exclusionsOf(run.replace('unknown0', 'unknown1'))).toEqual([other.arn]);
  await expect(exclusionsOf(run.replace('unknown0', 'unknown2'))).rejects.toThrow(/There is no assessment run/);
  await expect(exclusionsOf(run.replace('templat0', 'templat1'))).rejects.toThrow(/There is no assessment run/);
});

describe('a line is refused by its number, and the rest is taken in', () => {
  const good = (id: string): string => line('assessmentRun', runItem({ name: id }, id));
  const cases: Record<string, readonly [text: string | Buffer, reason: RegExp]> = {
    'no JSON': ['{"kind":', /^is not JSON: /],
    'no object': ['[1]', /^is not a JSON object$/],
    'nested without end': ['['.repeat(500_000), /^is nested deeper than 16 levels$/],
    'of no kind': ['{"kind":"__proto__","item":{}}', /^has no "kind"/],
    'without an item': ['{"kind":"finding"}', /^item must be an object$/],
    'not UTF-8': [Buffer.from([0x7b, 0xff, 0x7d]), /^is not UTF-8$/],
    'too long': [`"${'x'.repeat(1024 * 1024)}"`, /^is longer than 1 MiB$/],
    'a missing member': [line('assessmentRun', runItem({ name: undefined })), /^item\.name must be given$/],
    'a wrong type': [line('assessmentRun', runItem({ name: 7 })), /^item\.name must be a string/],
    'a wrong state': [line('assessmentRun', runItem({ state: 'DONE' })), /^item\.state must be one of CREATED/],
    'no time': [line('assessmentRun', runItem({ createdAt: 'yesterday' })), /^item\.createdAt must be seconds/],
    'a time of nowhere': [line('assessmentRun', runItem({ createdAt: '2016-03-22T21:36:10' })), /offset from UTC$/],
    'a day that is not': [line('assessmentRun', runItem({ createdAt: '2016-02-30T21:36:10Z' })), /^item\.createdAt/],
    'no ARN': [
      line('assessmentRun', runItem({ arn: 'arn:aws:s3:::x' })),
      /^item\.arn is not the ARN of a assessmentRun/,
    ],
    "another kind's ARN": [line('assessmentTarget', { ...runItem(), updatedAt: 0 }), /^item\.arn is not the ARN/],
    'another partition': [
      line('assessmentRun', runItem({ arn: runItem().arn.replace('arn:aws:', 'arn:aws-cn:') })),
      /^item\.arn has the partition aws-cn/,
    ],
    "another's template": [
      line(
        'assessmentRun',
        runItem({ assessmentTemplateArn: runItem().assessmentTemplateArn.replace('0-templat0', '0-templat1') }),
      ),
      /^item\.assessmentTemplateArn contradicts item\.arn/,
    ],
    'a group of another region': [
      line('assessmentTarget', {
        arn: 'arn:aws:inspector:us-east-1:123456789012:target/0-refused0',
        name: 'refused',
        resourceGroupArn: 'arn:aws:inspector:eu-west-1:123456789012:resourcegroup/0-group000',
        createdAt: 0,
        updatedAt: 0,
      }),
      /^item\.resourceGroupArn is not/,
    ],
  };
  test.each(Object.entries(cases))('%s', async (_, [text, reason]) => {
    const before = good('0-before00');
    const after = good('0-after000');
    const summary = await take(
      Buffer.concat([Buffer.from(`${before}\n\n`), Buffer.from(text), Buffer.from(`\r\n${after}`)]),
    );
    expect(summary).toMatchObject({
      lines: 3,
      refused: 1,
      refusals: [{ line: 3, reason: expect.stringMatching(reason) }],
    });
    expect(summary.added + summary.unchanged).toBe(2);
  });

  test('another content under an id that is there, and in the same file', async () => {
    const item = runItem({ name: 'conflict' }, '0-conflic0');
    const other = { ...item, state: 'CANCELED', durationInSeconds: 7200 };
    const summary = await take([item, item, other].map((each) => line('assessmentRun', each)).join('\n'));
    expect(summary).toMatchObject({
      added: 1,
      unchanged: 1,
      refusals: [{ line: 3, reason: 'is in the store already, with another state, durationInSeconds' }],
    });
    expect(await take(line('assessmentRun', other))).toMatchObject({ added: 0, refused: 1 });
    const scope = { account: '123456789012', region: 'us-east-1' };
    expect(await describeItem({ kind: 'assessmentRun', scope, item })).toEqual(item);
  });

  test('a name that another id has', async () => {
    const text = ['0-taken000', '0-taken001']
      .map((id) => line('assessmentRun', runItem({ name: 'taken' }, id)))
      .join('\n');
    expect(await take(text)).toMatchObject({
      added: 1,
      refusals: [{ line: 2, reason: 'has a name that another one has already' }],
    });
  });

  test("a refused finding's attributes find nothing", async () => {
    const scope = { account: '123456789012', region: 'us-east-1' };
    const finding = (value: string) => ({
      arn: `${runItem().arn}/finding/0-finding0`,
      attributes: [{ key: 'CVE_ID', value }],
      userAttributes: [],
      createdAt: 1,
      updatedAt: 2,
    });
    const summary = await take(`${line('finding', finding('CVE-1'))}\n${line('finding', finding('CVE-2'))}`);
    expect(summary).toMatchObject({ added: 1, refused: 1 });
    const search = async (value: string): Promise<unknown> =>
      (await call({ scope }, 'ListFindings', { filter: { attributes: [{ key: 'CVE_ID', value }] } })).findingArns;
    expect(await search('CVE-1')).toEqual([finding('').arn]);
    expect(await search('CVE-2')).toEqual([]);
  });

  test('the first 20 are told and all are counted', async () => {
    const summary = await take('x\n'.repeat(2500));
    expect(summary).toMatchObject({ lines: 2500, refused: 2500, added: 0 });
    expect(summary.refusals.map((refusal) => refusal.line)).toEqual([...Array(20).keys()].map((index) => index + 1));
  });
});

describe('a stream', () => {
  const text = [...Array(50).keys()]
    .map((index) =>
      line('assessmentRun', runItem({ name: `stream ${index} 🦊` }, `0-stream${String(index).padStart(2, '0')}`)),
    )
    .join('\n');

  test('may be cut anywhere, and be gzip', async () => {
    await take(text);
    for (const bytes of [Buffer.from(text), gzipSync(text), Buffer.from(`\ufeff${text}`)]) {
      for (const size of [1, 7, 4096]) {
        const chunks = [...Array(Math.ceil(bytes.length / size)).keys()].map((at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        expect(await take(chunks)).toMatchObject({ lines: 50, unchanged: 50, refused: 0 });
      }
    }
    expect(await take('')).toMatchObject({ lines: 0, added: 0 });
  });

  test('that breaks loses nothing of what came before', async () => {
    const whole = gzipSync(Buffer.from(`${text}\n`.repeat(200)), { level: 0 });
    const error = await take(whole.subarray(0, whole.length / 2)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UnreadableError);
    const { summary } = error as UnreadableError;
    expect(summary.lines).toBeGreaterThan(1000);
    expect(summary).toMatchObject({ refused: 0, unchanged: summary.lines - summary.added });
  });

  test('waits while another process holds the store', async () => {
    let busy = 3;
    let waits = 0;
    const summary = await importHistory(
      {
        transaction: (work) => {
          if (busy-- > 0) throw new Error('busy');
          return server.service.store.transaction(work);
        },
        isUnavailable: (error) => (error as Error).message === 'busy',
        sleep: async () => {
          waits++;
        },
        onProgress: () => undefined,
      },
      Readable.from([Buffer.from(text)]),
    );
    expect(summary).toMatchObject({ lines: 50, refused: 0 });
    expect(waits).toBe(3);
  });
});
