import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteAssessmentRunCommand,
  DeleteAssessmentTargetCommand,
  GetAssessmentReportCommand,
  type GetAssessmentReportCommandOutput,
  type InspectorClient,
} from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { getAssessmentReport } from '../../../packages/server/src/operations/inspector/get-assessment-report.ts';
import { createReportLinks, LINK_LIFETIME } from '../../../packages/server/src/operations/report-links.ts';
import { fastClock } from '../../support/fast-clock.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { rowCounts } from '../../support/row-counts.ts';
import {
  createTarget,
  createTemplate,
  given,
  historicRun,
  idsOf,
  scopeOf,
  someFinding,
  withId,
} from '../../support/scenario.ts';
import { startTestServer, type TestServer, testAccount } from '../../support/test-server.ts';
import { wholeHtmlReport } from '../../support/whole-html-report.ts';

let server: TestServer;
let client: InspectorClient;
let template: string;
beforeAll(async () => {
  server = await startTestServer();
  client = server.client();
  template = await createTemplate(client, await createTarget(client));
});
afterAll(() => server.stop());

interface Made {
  readonly arn: string;
  readonly id: string;
}

/** A run that has ended here, with findings on two hosts. */
async function endedRun(change: Partial<Parameters<typeof historicRun>[0]> = {}, of = template): Promise<Made> {
  const [targetId = '', templateId = ''] = idsOf(of);
  const { store } = server.service;
  const scope = await scopeOf(server);
  const [found] = await store.templates.findMany(scope, [templateId]);
  const run = historicRun({
    target: targetId,
    template: templateId,
    rulesPackages: given(found).rulesPackages,
    imported: false,
    ...change,
  });
  await store.runs.insertMany(scope, [run]);
  const parents = { target: targetId, template: templateId, run: run.id };
  await store.findings.insertMany(scope, [
    someFinding({ ...parents, agent: 'i-0aaaaaaaaaaaaaaaa' }),
    someFinding({ ...parents, agent: 'i-0bbbbbbbbbbbbbbbb' }),
  ]);
  return { arn: `${of}/run/${run.id}`, id: run.id };
}

type Wanted = { readonly reportFileFormat: 'HTML' | 'PDF'; readonly reportType: 'FINDING' | 'FULL' };
const html: Wanted = { reportFileFormat: 'HTML', reportType: 'FINDING' };
const pdf: Wanted = { reportFileFormat: 'PDF', reportType: 'FULL' };

const ask = (assessmentRunArn: string, wanted: Wanted = html): Promise<GetAssessmentReportCommandOutput> =>
  client.send(new GetAssessmentReportCommand({ assessmentRunArn, ...wanted }));

/** As clients do it: again and again until it is there. */
async function report(arn: string, wanted: Wanted = html): Promise<string> {
  for (;;) {
    const { status, url } = await ask(arn, wanted);
    if (status === 'COMPLETED') return given(url);
    expect(status).toBe('WORK_IN_PROGRESS');
    await delay(10);
  }
}

/** The path as it stands: fetch would resolve its dots. */
const statusOf = (path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.endpoint);
    const call = request({ hostname, port, path }, (reply) => resolve(reply.resume().statusCode));
    call.on('error', reject).end();
  });

/** The server's own key for links, as runtime/service.ts derives it. */
function linkKey(): Uint8Array {
  const master = Buffer.from(readFileSync(join(server.directory, 'master.key'), 'utf8').trim(), 'hex');
  return new Uint8Array(hkdfSync('sha256', master, '', 'report links', 32));
}
const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

describe('validation', () => {
  test.each([
    ['a type that is none', { reportType: 'SHORT' }],
    ['a format that is none', { reportFileFormat: 'DOC' }],
    ['no ARN', { assessmentRunArn: null }],
  ])('%s', async (_, change) => {
    const input = { assessmentRunArn: template, reportFileFormat: 'HTML', reportType: 'FINDING', ...change };
    const reply = await rawRequest(server, 'GetAssessmentReport', input);
    expect([reply.status, reply.body.__type]).toEqual([400, 'InvalidInputException']);
  });
  test('the ARN of something else, another account, a run that is not there', async () => {
    const raw = async (assessmentRunArn: string) =>
      errorOf(
        await rawRequest(server, 'GetAssessmentReport', {
          assessmentRunArn,
          reportFileFormat: 'PDF',
          reportType: 'FULL',
        }),
      );
    const { arn } = await endedRun();
    expect(await raw(template)).toBe('InvalidInputException INVALID_ASSESSMENT_RUN_ARN');
    expect(await raw(arn.replace('123456789012', '999999999999'))).toBe(
      'AccessDeniedException ACCESS_DENIED_TO_ASSESSMENT_RUN',
    );
    expect(await raw(withId(arn, 2, '0-00000000'))).toBe('NoSuchEntityException ASSESSMENT_RUN_DOES_NOT_EXIST');
  });
});

test('refused while the run is going, with its ARN', async () => {
  const { arn } = await endedRun({ state: 'COLLECTING_DATA', completedAt: null });
  await expect(ask(arn)).rejects.toMatchObject({
    name: 'AssessmentRunInProgressException',
    assessmentRunArns: [arn],
    assessmentRunArnsTruncated: false,
  });
});

test('imported history has findings to report, but no verdicts', async () => {
  const { arn } = await endedRun({ imported: true });
  const full = await (await fetch(await report(arn, { ...html, reportType: 'FULL' }))).text();
  expect(full).toContain('Rules checked');
  expect(full).toMatch(/Not known: this run was imported/);
  expect(full).not.toContain('No host was judged by this rule');
  expect(full).not.toContain('Nothing was excluded');
  const text = await (await fetch(await report(arn))).text();
  expect(text).toContain('i-0bbbbbbbbbbbbbbbb');
  expect(text).toContain('assessed elsewhere and imported');
});

test('in progress without the key url, for who does not wait', async () => {
  const { arn } = await endedRun();
  const { store } = server.service;
  const impatient = getAssessmentReport({
    ...{ store, now: Date.now, random: randomBytes, wakeJobs: () => undefined },
    ...{ reportLinks: createReportLinks(linkKey()), pause: async () => false },
  });
  const caller = { scope: await scopeOf(server), account: '123456789012', region: 'us-east-1' };
  expect(await impatient({ assessmentRunArn: arn, ...html }, caller)).toEqual({ status: 'WORK_IN_PROGRESS' });
});

test('the first call waits until its report is made: scripts ask once', async () => {
  const { arn } = await endedRun();
  const { store } = server.service;
  const caller = { scope: await scopeOf(server), account: '123456789012', region: 'us-east-1' };
  let waited = 0;
  const patient = getAssessmentReport({
    ...{ store, now: Date.now, random: randomBytes, reportLinks: createReportLinks(linkKey()) },
    wakeJobs: () => undefined,
    pause: async (milliseconds) => {
      waited += milliseconds;
      const key = { run: given(idsOf(arn)[2]), type: 'FINDING', format: 'HTML' } as const;
      while ((await store.reports.find(caller.scope, key))?.status !== 'COMPLETED') await delay(10);
      return true;
    },
  });
  expect(await patient({ assessmentRunArn: arn, ...html }, caller)).toMatchObject({ status: 'COMPLETED' });
  expect(waited).toBeGreaterThan(0);
  expect(waited).toBeLessThanOrEqual(2000);
});

test('completed with a URL that opens with a plain GET', async () => {
  const { arn, id } = await endedRun();
  const url = await report(arn);
  expect(url.startsWith(`${server.endpoint}/reports/`)).toBe(true);
  const reply = await fetch(url);
  expect(reply.status).toBe(200);
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-disposition': `inline; filename="assay-${id}-finding.html"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  const policy = given(reply.headers.get('content-security-policy') ?? undefined);
  expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
  const text = await reply.text();
  expect(Number(reply.headers.get('content-length'))).toBe(Buffer.byteLength(text));
  for (const host of ['i-0aaaaaaaaaaaaaaaa', 'i-0bbbbbbbbbbbbbbbb']) expect(text).toContain(host);
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
});

test('each type and format is a report of its own, made once', async () => {
  const { arn } = await endedRun();
  const { reports: before = 0 } = await rowCounts(server);
  const wanted: Wanted[] = [html, pdf, { ...html, reportType: 'FULL' }, { ...pdf, reportType: 'FINDING' }];
  // All at once, and each by several clients.
  const urls = await Promise.all([...wanted, ...wanted, ...wanted].map((each) => report(arn, each)));
  expect((await rowCounts(server)).reports).toBe(before + 4);
  const bytes = await Promise.all(
    urls.slice(0, 4).map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())),
  );
  expect(bytes.map((each) => each.subarray(0, 5).toString())).toEqual(['<!doc', '%PDF-', '<!doc', '%PDF-']);
  expect(bytes[2]?.toString()).toContain('Rules checked');
  expect(bytes[0]?.toString()).not.toContain('Rules checked');
});

describe('links', () => {
  test('are good for 15 minutes, and a later call gives another one of the same file', async () => {
    const { arn } = await endedRun();
    const url = await report(arn);
    const scope = await scopeOf(server);
    const wanted = { run: given(idsOf(arn)[2]), type: 'FINDING', format: 'HTML' } as const;
    const { id } = given(await server.service.store.reports.find(scope, wanted));
    expect(LINK_LIFETIME).toBe(900_000);
    const links = createReportLinks(new Uint8Array(32));
    const link = { scope, report: id, expiresAt: 1000 + LINK_LIFETIME };
    expect(links.read(links.write(link))).toEqual(link);
    const own = createReportLinks(linkKey());
    expect(own.read(tokenOf(url))).toMatchObject({ scope, report: id });
    const old = own.write({ scope, report: id, expiresAt: Date.now() - 1 });
    const expired = await fetch(`${server.endpoint}/reports/${old}`);
    expect([expired.status, await expired.text()]).toEqual([
      403,
      expect.stringMatching(/expired.*GetAssessmentReport/),
    ]);
    expect(await report(arn)).not.toBe('');
    expect((await fetch(await report(arn))).status).toBe(200);
    expect((await fetch(url)).status).toBe(200);
  });

  test('that were forged, cut, or made with another key open nothing', async () => {
    const { arn } = await endedRun();
    const token = tokenOf(await report(arn));
    const other = createReportLinks(new Uint8Array(32).fill(7));
    const forged = [
      '',
      'x',
      token.slice(0, -1),
      `${token}A`,
      `${token}%00`,
      `${token}/..`,
      ...[0, 20, 50, token.length - 2].map(
        (at) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1),
      ),
      other.write({ scope: 1, report: 'f'.repeat(32), expiresAt: Date.now() + 1000 }),
      '..%2fassay.db',
      'A'.repeat(5000),
    ];
    for (const each of forged) {
      const { status } = await fetch(`${server.endpoint}/reports/${each}`);
      expect(status, each).toBe(403);
    }
    for (const path of ['/reports/../master.key', '/reports/%2e%2e/master.key', '/reports//etc/passwd']) {
      expect(await statusOf(path), path).toBe(403);
    }
    expect((await fetch(`${server.endpoint}/reports/${token}?download`)).status).toBe(200);
  });
});

test('deleting the run, or its target, deletes its reports with their bytes', async () => {
  const other = await createTarget(client);
  const run = await endedRun({}, await createTemplate(client, other));
  const kept = await endedRun({}, template);
  const none = await rowCounts(server);
  const url = await report(run.arn);
  await report(run.arn, pdf);
  const before = await rowCounts(server);
  const keptUrl = await report(kept.arn);
  const grown = await rowCounts(server);
  await client.send(new DeleteAssessmentTargetCommand({ assessmentTargetArn: other }));
  expect((await fetch(url)).status).toBe(404);
  const left = await rowCounts(server);
  for (const table of ['reports', 'report_chunks']) {
    expect(given(left[table]), table).toBe(given(none[table]) + given(grown[table]) - given(before[table]));
    expect(given(grown[table]), table).toBeGreaterThan(given(before[table]));
    expect(given(before[table]), table).toBeGreaterThan(given(none[table]));
  }
  expect((await fetch(keptUrl)).status).toBe(200);
  await client.send(new DeleteAssessmentRunCommand({ assessmentRunArn: kept.arn }));
  expect(await rowCounts(server)).toMatchObject({ reports: none.reports, report_chunks: none.report_chunks });
});

test('any server that shares the store serves it, also once the one that made it is gone', async () => {
  const maker = await startTestServer();
  const target = await createTarget(maker.client());
  const of = await createTemplate(maker.client(), target);
  const run = historicRun({
    target: given(idsOf(of)[0]),
    template: given(idsOf(of)[1]),
    rulesPackages: await maker.service.store.rulesPackageSets.idOf([]),
  });
  await maker.service.store.runs.insertMany(await scopeOf(maker), [run]);
  const other = await startTestServer({ directory: maker.directory, jobs: false });
  const command = new GetAssessmentReportCommand({ assessmentRunArn: `${of}/run/${run.id}`, ...html });
  const urlFrom = async (server: TestServer): Promise<string> => {
    for (;;) {
      const { status, url } = await server.client().send(command);
      if (status === 'COMPLETED') return given(url);
      await delay(10);
    }
  };
  const text = await (await fetch(await urlFrom(other))).text();
  expect(text).toMatch(wholeHtmlReport);
  const url = await urlFrom(maker);
  expect(await (await fetch(url)).text()).toBe(text);
  await maker.stop({ keep: true });
  // The link that it gave is as good as the server's own.
  for (const each of [url.replace(maker.endpoint, other.endpoint), await urlFrom(other)]) {
    expect(await (await fetch(each)).text()).toBe(text);
  }
  await other.stop();
});

test('a report whose thread dies again and again is FAILED, with its reason, and can be asked for again', async () => {
  // The pauses between its attempts are 15 seconds together.
  const clock = fastClock(50);
  const own = await startTestServer({ service: { clock } });
  onTestFinished(() => own.stop());
  const { store } = own.service;
  const of = await createTemplate(own.client(), await createTarget(own.client()));
  const [target = '', template = ''] = idsOf(of);
  const run = historicRun({ target, template, rulesPackages: await store.rulesPackageSets.idOf([]), imported: false });
  const scope = await scopeOf(own);
  await store.runs.insertMany(scope, [run]);
  // A verdict that is no JSON: the store is broken where this report looks.
  await store.evaluations.insert(scope, run.id, {
    agent: 'i-0a',
    rulesPackage: 'x',
    verdicts: 5 as never,
    evaluatedAt: 1,
  });
  const caller = { scope, account: testAccount, region: 'us-east-1' };
  const input = { assessmentRunArn: `${of}/run/${run.id}`, ...html };
  clock.hurry();
  // Called here and not over the wire: a signature of now is old by the server's clock.
  const askAt = (now: () => number) =>
    getAssessmentReport({
      store,
      now,
      random: randomBytes,
      wakeJobs: () => undefined,
      reportLinks: createReportLinks(linkKey()),
      pause: async () => false,
    })(input, caller);
  expect(await askAt(Date.now)).toEqual({ status: 'WORK_IN_PROGRESS' });
  const wanted = { run: run.id, type: 'FINDING', format: 'HTML' } as const;
  for (;;) {
    const found = given(await store.reports.find(scope, wanted));
    if (found.status === 'FAILED') break;
    expect(found.status).toBe('WORK_IN_PROGRESS');
    await delay(10);
  }
  const failed = given(await store.reports.find(scope, wanted));
  expect(failed.error).toMatch(/not iterable/);
  expect(await askAt(Date.now)).toEqual({ status: 'FAILED' });
  await store.evaluations.delete(scope, { run: run.id });
  const later = given(failed.finishedAt ?? undefined) + 61_000;
  expect(await askAt(() => later)).toEqual({ status: 'WORK_IN_PROGRESS' });
});

test('files of reports from before go when the server starts, and nothing else does', async () => {
  const first = await startTestServer({ jobs: false });
  const directory = join(first.directory, 'reports');
  mkdirSync(directory);
  const [whole, draft, foreign] = [`${'a'.repeat(32)}.html`, `${'b'.repeat(32)}.pdf.part`, 'notes.txt'];
  for (const name of [whole, draft, foreign]) writeFileSync(join(directory, name), 'x');
  await first.stop({ keep: true });
  const second = await startTestServer({ directory: first.directory });
  while (existsSync(join(directory, whole)) || existsSync(join(directory, draft))) await delay(20);
  expect(readdirSync(directory)).toEqual([foreign]);
  await second.stop({ keep: true });
  rmSync(join(directory, foreign));
  const third = await startTestServer({ directory: first.directory });
  while (existsSync(directory)) await delay(20);
  await third.stop();
});
