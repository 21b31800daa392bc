import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../packages/server/src/store/store.ts';
import { askStore } from '../support/ask-store.ts';
import { effort } from '../support/effort.ts';
import { rawRequest } from '../support/raw-request.ts';
import { historicRun, newId, someFinding } from '../support/scenario.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { testSeed } from '../support/test-seed.ts';
import { newDataDirectory, removeStore, storeEnvironment, storeIn } from '../support/test-store.ts';
import { wholeHtmlReport } from '../support/whole-html-report.ts';

/** Kills of the server, each after the reports of one more run were asked for. */
const KILLS = effort('kills', 3);
const FINDINGS = 400;

const region = 'eu-west-1';
const key = { accessKeyId: 'AKIDKILL', secretAccessKey: 'a secret that is only for this test' };
const directory = newDataDirectory();
const environment = {
  ...(await storeEnvironment(directory)),
  ASSAY_ACCESS_KEY_ID: key.accessKeyId,
  ASSAY_SECRET_ACCESS_KEY: key.secretAccessKey,
};
const random = seededRandom(testSeed);
let server: ServerProcess = startServerProcess(directory, environment);

afterAll(async () => {
  await server.end('SIGKILL');
  await removeStore(directory);
});

async function listening(): Promise<string> {
  const endpoint = await server.ready;
  if (endpoint === undefined) throw new Error(server.complaints());
  return endpoint;
}

async function fill(): Promise<string[]> {
  const store = await openStore(await storeIn(directory));
  const scope = await store.scopes.idOf({ account: '123456789012', region });
  const rulesPackages = await store.rulesPackageSets.idOf([]);
  const arns: string[] = [];
  for (let at = 0; at < KILLS; at++) {
    const [target, template] = [newId(), newId()];
    const run = historicRun({ target, template, rulesPackages, imported: false });
    await store.runs.insertMany(scope, [run]);
    const findings = Array.from({ length: FINDINGS }, (_, at) =>
      // Of as many rules, so that a report is several chunks.
      someFinding({ target, template, run: run.id, rule: `Rule ${at}` }),
    );
    await store.findings.insertMany(scope, findings);
    arns.push(`arn:aws:inspector:${region}:123456789012:target/${target}/template/${template}/run/${run.id}`);
  }
  await store.close();
  return arns;
}

test(`${KILLS} kills while reports are made: each is made in the end, and whole`, async () => {
  await listening();
  const location = await storeIn(directory);
  const arns = await fill();
  const ofRun = (assessmentRunArn: string) =>
    ['HTML', 'PDF'].map((reportFileFormat) => ({ assessmentRunArn, reportFileFormat, reportType: 'FULL' }));
  const wanted: ReturnType<typeof ofRun> = [];
  const urls = async (endpoint: string): Promise<string[]> => {
    const replies = await Promise.all(
      wanted.map((each) => rawRequest({ endpoint }, 'GetAssessmentReport', each, { region, key })),
    );
    for (const { body } of replies) expect(['WORK_IN_PROGRESS', 'COMPLETED']).toContain(body.status);
    return replies.flatMap(({ body }) => (body.status === 'COMPLETED' ? [String(body.url)] : []));
  };

  for (const [kill, arn] of arns.entries()) {
    const endpoint = await listening();
    wanted.push(...ofRun(arn));
    // A call waits for its report: the server is killed under it.
    const asked = urls(endpoint).catch(() => []);
    const counted = async () => (await askStore(location, 'select count(*) as n from reports'))[0]?.[0]?.n;
    while (Number(await counted()) < wanted.length) await delay(1);
    // A report takes longer than the shorter half of these.
    await delay(random() * (kill % 2 === 0 ? 60 : 600));
    await server.end('SIGKILL');
    await asked;
    server = startServerProcess(directory, environment);
  }

  const endpoint = await listening();
  let made = await urls(endpoint);
  while (made.length < wanted.length) {
    await delay(50);
    made = await urls(endpoint);
  }
  let bytes = 0;
  for (const url of made) {
    const reply = await fetch(url);
    const text = Buffer.from(await reply.arrayBuffer()).toString('latin1');
    bytes += text.length;
    if (reply.headers.get('content-type') === 'application/pdf') expect(text.trimEnd().endsWith('%%EOF')).toBe(true);
    else {
      expect(text).toMatch(wholeHtmlReport);
      expect(new Set(text.match(/<code>0-[0-9A-Za-z]{8}<\/code>/g)).size).toBe(FINDINGS);
    }
  }
  expect(await server.end('SIGTERM')).toBe(0);
  expect(server.complaints()).toBe('');
  // What the kills left half-written is gone: what is there are the bytes that were read, each once.
  const answers = await askStore(
    location,
    'select sum(length(content)) as bytes, count(distinct report) as reports from report_chunks',
    'select sum(size) as bytes, count(*) as reports from reports',
    'select count(*) as n from report_chunks',
  );
  const all = [{ bytes, reports: wanted.length }];
  expect(answers.slice(0, 2)).toEqual([all, all]);
  expect(answers[2]?.[0]?.n).toBeGreaterThan(wanted.length);
});
