import { Readable } from 'node:stream';
import { AssessmentRunState, Severity } from '@assay/model/api/values.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  countRows,
  type ExportOptions,
  type ExportSummary,
  exportHistory,
} from '../../../../packages/server/src/engine/history/export/export-history.ts';
import { importHistory } from '../../../../packages/server/src/engine/history/import/import-history.ts';
import { kindNames } from '../../../../packages/server/src/engine/history/import/kinds.ts';
import { type ExportReader, openExportReader } from '../../../../packages/server/src/store/tables/export-reader.ts';
import { effort } from '../../../support/effort.ts';
import { historicRun, someFinding } from '../../../support/scenario.ts';
import { seededRandom } from '../../../support/seeded-random.ts';
import { testSeed } from '../../../support/test-seed.ts';
import { startTestServer, type TestServer } from '../../../support/test-server.ts';
import { storeIn, storeKind } from '../../../support/test-store.ts';
import { fillRandomly, pools, scopes } from './random-history.ts';

type Scope = (typeof scopes)[number];
type Answer = Readonly<Record<string, unknown>>;

async function textOf(reader: ExportReader, options: ExportOptions = {}): Promise<string> {
  let text = '';
  for await (const piece of exportHistory(reader, options, () => undefined)) text += piece;
  return text;
}

const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

async function exported(server: TestServer, options: ExportOptions = {}): Promise<string> {
  const reader = await openExportReader(await storeIn(server.directory));
  try {
    return await textOf(reader, options);
  } finally {
    await reader.close();
  }
}

const imported = (server: TestServer, text: string) =>
  importHistory(
    {
      transaction: server.service.store.transaction,
      isUnavailable: () => false,
      sleep: async () => undefined,
      onProgress: () => undefined,
    },
    Readable.from([Buffer.from(text)]),
  );

/** What an operation says to the account and region: its output, or its error. */
async function call(server: TestServer, scope: Scope, operation: string, input: object): Promise<Answer> {
  const caller = {
    ...scope,
    scope: await server.service.store.scopes.idOf(scope),
    accessKeyId: 'AKIDTEST',
    policy: undefined,
    origin: { address: '127.0.0.1', userAgent: undefined, secure: false },
  };
  try {
    const output = await server.service.handler.handle(operation as never, Buffer.from(JSON.stringify(input)), caller);
    return JSON.parse(JSON.stringify(output)) as Answer;
  } catch (error) {
    const { type, members, message } = error as { type: string; members: object; message: string };
    if (type === undefined) throw error;
    return { type, ...members, message };
  }
}

/** Every page of a list, of a page size of its own. */
async function walk(
  server: TestServer,
  scope: Scope,
  operation: string,
  input: object,
  maxResults: number,
): Promise<Answer[]> {
  const pages: Answer[] = [];
  for (let nextToken: unknown; ; ) {
    const { nextToken: next, ...page } = await call(server, scope, operation, {
      ...input,
      maxResults,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    pages.push(page);
    if (next === undefined) return pages;
    nextToken = next;
  }
}

async function withTwoServers(work: (from: TestServer, to: TestServer) => Promise<void>): Promise<void> {
  const from = await startTestServer({ jobs: false });
  const to = await startTestServer({ jobs: false });
  try {
    await work(from, to);
  } finally {
    await Promise.all([from.stop(), to.stop()]);
  }
}

const stores = effort('stores', storeKind === 'postgres' ? 1 : 2);
const seeds = Array.from({ length: stores }, (_, at) => testSeed + at);

describe.each(seeds)('a randomly filled store (%i), exported and imported into an empty one', (seed) => {
  test('gives the same answers to every read operation', () =>
    withTwoServers(async (from, to) => {
      const random = seededRandom(seed);
      await fillRandomly(from.service.store, random);
      const text = await exported(from);
      const lines = text.split('\n').length - 1;
      expect(await imported(to, text)).toMatchObject({ lines, added: lines, refused: 0, withUnknownMembers: 0 });

      const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
      const some = <T>(values: readonly T[]): T[] => values.filter(() => random() < 0.5);
      let asked = 0;
      const same = async (scope: Scope, operation: string, input: object): Promise<Answer> => {
        const [before, after] = await Promise.all([from, to].map((server) => call(server, scope, operation, input)));
        expect(after, `${operation} ${JSON.stringify(input)}`).toEqual(before);
        asked += 1;
        return before ?? {};
      };
      const samePages = async (scope: Scope, operation: string, input: object): Promise<string[]> => {
        const size = pick([1, 2, 3, 500]);
        const [before, after] = await Promise.all(
          [from, to].map((server) => walk(server, scope, operation, input, size)),
        );
        expect(after, `${operation} ${JSON.stringify(input)}`).toEqual(before);
        asked += 1;
        return (before ?? []).flatMap((page) => Object.values(page).flat() as string[]);
      };
      const inHundreds = async (scope: Scope, operation: string, member: string, arns: readonly string[]) => {
        for (let at = 0; at < arns.length; at += 100) {
          await same(scope, operation, { [member]: arns.slice(at, at + 100) });
        }
      };
      const range = () => {
        const [one, other] = [pick(pools.times) / 1000, pick(pools.times) / 1000];
        return { beginDate: Math.min(one, other), endDate: Math.max(one, other) };
      };
      const maybe = (members: Readonly<Record<string, unknown>>) =>
        Object.fromEntries(Object.entries(members).filter(() => random() < 0.3));

      for (const scope of scopes) {
        const packages = (await same(scope, 'ListRulesPackages', { maxResults: 500 })).rulesPackageArns as string[];
        const targets = await samePages(scope, 'ListAssessmentTargets', {});
        const templates = await samePages(scope, 'ListAssessmentTemplates', {});
        const runs = await samePages(scope, 'ListAssessmentRuns', {});
        const findings = await samePages(scope, 'ListFindings', {});
        await inHundreds(scope, 'DescribeAssessmentTargets', 'assessmentTargetArns', targets);
        await inHundreds(scope, 'DescribeAssessmentTemplates', 'assessmentTemplateArns', templates);
        await inHundreds(scope, 'DescribeAssessmentRuns', 'assessmentRunArns', runs);
        await inHundreds(scope, 'DescribeFindings', 'findingArns', findings);
        await inHundreds(scope, 'DescribeRulesPackages', 'rulesPackageArns', packages);
        const groups = text
          .split('\n')
          .flatMap((line) => /"arn":"(arn:[^"]*:resourcegroup\/[^"]*)"/.exec(line)?.[1] ?? []);
        await inHundreds(scope, 'DescribeResourceGroups', 'resourceGroupArns', groups);
        await same(scope, 'DescribeCrossAccountAccessRole', {});
        await samePages(scope, 'ListEventSubscriptions', {});
        for (const resourceArn of templates) {
          await same(scope, 'ListTagsForResource', { resourceArn });
          await samePages(scope, 'ListEventSubscriptions', { resourceArn });
        }
        for (const previewAgentsArn of targets) await same(scope, 'PreviewAgents', { previewAgentsArn });
        for (const assessmentRunArn of runs) {
          const exclusions = await samePages(scope, 'ListExclusions', { assessmentRunArn });
          await inHundreds(scope, 'DescribeExclusions', 'exclusionArns', exclusions);
        }
        for (let at = 0; at < 40; at++) {
          const pattern = () => pick([...pools.names, '*', 'n*', '*1', '*[*', 'n*y *']);
          const durationRange = pick([{ minSeconds: 181 }, { maxSeconds: 3600 }, { minSeconds: 180, maxSeconds: 180 }]);
          const rulesPackageArns = some(packages);
          await samePages(scope, 'ListAssessmentTargets', {
            filter: maybe({ assessmentTargetNamePattern: pattern() }),
          });
          await samePages(scope, 'ListAssessmentTemplates', {
            ...maybe({ assessmentTargetArns: some(targets) }),
            filter: maybe({ namePattern: pattern(), durationRange, rulesPackageArns }),
          });
          await samePages(scope, 'ListAssessmentRuns', {
            ...maybe({ assessmentTemplateArns: some(templates) }),
            filter: maybe({
              namePattern: pattern(),
              states: some(AssessmentRunState.values),
              durationRange,
              rulesPackageArns,
              startTimeRange: range(),
              completionTimeRange: range(),
              stateChangeTimeRange: range(),
            }),
          });
          const attribute = () => [{ key: pick(pools.keys), ...(random() < 0.5 ? { value: 'blue' } : {}) }];
          await samePages(scope, 'ListFindings', {
            ...maybe({ assessmentRunArns: some(runs).slice(0, 50) }),
            filter: maybe({
              agentIds: some(pools.agents),
              autoScalingGroups: some(pools.groups),
              ruleNames: some(pools.rules),
              severities: some(Severity.values),
              rulesPackageArns,
              attributes: attribute(),
              userAttributes: attribute(),
              creationTimeRange: range(),
            }),
          });
        }
      }
      expect(asked).toBeGreaterThan(480);

      // Again changes nothing, and what was imported exports as it came.
      expect(await imported(to, text)).toMatchObject({ lines, added: 0, unchanged: lines, refused: 0 });
      expect(linesOf(await exported(to))).toEqual(linesOf(text));
    }));
});

describe('an export', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ jobs: false });
    await fillRandomly(server.service.store, seededRandom(7));
    return () => server.stop();
  });

  test('has parents before children, one account and region after the other', async () => {
    const text = await exported(server);
    const kinds = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; item: Record<string, string> });
    expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(kindNames.length);
    const order = kinds.map(({ kind, item }) => {
      const [, , , region = '', account = ''] = (item.arn ?? item.resourceArn ?? '').split(':');
      const scope = scopes.findIndex(
        (one) => one.account === (account || item.account) && one.region === (region || item.region),
      );
      return `${[1, 0, 2][scope]} ${kindNames.indexOf(kind as never)}`;
    });
    expect(order).toEqual(order.toSorted());
  });

  test('of some kinds, of an account, of a region', async () => {
    const all = (await exported(server)).trimEnd().split('\n');
    const some = await exported(server, { kinds: ['finding', 'assessmentTarget'] });
    expect(some.trimEnd().split('\n')).toEqual(
      all.filter((line) => /^\{"kind":"(finding|assessmentTarget)"/.test(line)),
    );
    const theirs = await exported(server, { account: '210987654321', region: 'us-east-1' });
    expect(theirs.trimEnd().split('\n')).toEqual(all.filter((line) => line.includes(':210987654321:')));
    expect(await exported(server, { account: '000000000000' })).toBe('');
  });

  test('counts beforehand the rows that it looks at', async () => {
    const reader = await openExportReader(await storeIn(server.directory));
    let last: Readonly<ExportSummary> | undefined;
    const total = await countRows(reader, {});
    for await (const _ of exportHistory(reader, {}, (summary) => {
      last = summary;
    }));
    await reader.close();
    expect(last?.rows).toBe(total);
  });

  test('is of one moment, whatever is written meanwhile', async () => {
    const before = await exported(server);
    const reader = await openExportReader(await storeIn(server.directory));
    const { store } = server.service;
    const scope = await store.scopes.idOf(scopes[0]);
    await store.resourceGroups.insert(scope, { id: '0-zzzzzzzz', tags: [{ key: 'later' }], createdAt: 1 });
    expect(await textOf(reader)).toBe(before);
    await reader.close();
    expect(await exported(server)).toContain('0-zzzzzzzz');
  });
});

test('a run in progress comes as it is, without its findings, and is history that a stop ends', () =>
  withTwoServers(async (from, to) => {
    const { store } = from.service;
    const scope = await store.scopes.idOf(scopes[0]);
    const set = await store.transaction((tables) =>
      tables.rulesPackageSets.idOf(['arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q']),
    );
    const parents = { target: '0-aaaaaaaa', template: '0-bbbbbbbb' };
    const run = historicRun({
      ...parents,
      rulesPackages: set,
      state: 'COLLECTING_DATA',
      completedAt: null,
      imported: false,
    });
    await store.runs.insertMany(scope, [run]);
    await store.findings.insertMany(scope, [someFinding({ ...parents, run: run.id })]);
    const text = await exported(from);
    expect(text.match(/"kind":"\w+"/g)).toEqual(['"kind":"assessmentRun"']);
    await imported(to, text);
    to.service.startJobs();
    const arn = /"arn":"([^"]+)"/.exec(text)?.[1] ?? '';
    const state = async () => {
      const { assessmentRuns } = await call(to, scopes[0], 'DescribeAssessmentRuns', { assessmentRunArns: [arn] });
      return (assessmentRuns as { state: string }[])[0]?.state;
    };
    expect(await state()).toBe('COLLECTING_DATA');
    await call(to, scopes[0], 'StopAssessmentRun', { assessmentRunArn: arn, stopAction: 'SKIP_EVALUATION' });
    expect(await state()).toBe('CANCELED');
  }));
