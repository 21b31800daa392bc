/**
 * From what happened to a run to the arrival of the POST that tells of it, against a POST without Assay: on an idle server,
 * beside the findings of a large run that another topic is told of, and beside receivers that never answer.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import { assayModel } from '@assay/model/assay/assay-model.ts';
import { DELIVER } from '../packages/server/src/engine/notify/tell.ts';
import { openDataDirectory } from '../packages/server/src/runtime/data-directory.ts';
import { openStore } from '../packages/server/src/store/store.ts';
import { signRequest } from '../packages/server/src/wire/sigv4/sign.ts';
import { percentile, type Report, type Row } from './report.ts';
import { sampleScope, withSampleDirectory } from './sample-directory.ts';
import { benchKey, startAssay } from './server-process.ts';

const RUNS = 20;
const FINDINGS = 50_000;
const HANGING = 300;
const POSTS = 200;
const topic = (name: string): string => `arn:aws:sns:${sampleScope.region}:${sampleScope.account}:${name}`;

export async function events(): Promise<Report> {
  const receiver = await startReceiver();
  try {
    return {
      bench: `events of ${RUNS} runs, to a receiver on loopback`,
      columns: ['p50 ms', 'p99 ms', 'max ms', 'other events a second'],
      floor: await floor(receiver),
      rows: [
        await measure('idle server', receiver, { findings: 0, hanging: 0 }),
        await measure(`${FINDINGS} findings to another topic`, receiver, { findings: FINDINGS, hanging: 0 }),
        await measure(`${HANGING} receivers that hang`, receiver, { findings: 0, hanging: HANGING }),
      ],
      ratio: "times the floor's",
    };
  } finally {
    receiver.stop();
  }
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Keeps how long events were under way; what is sent to /hang is never answered. */
async function startReceiver() {
  const late: number[] = [];
  const seen = { others: 0 };
  const server = createServer(async (request, response) => {
    if (request.url === '/hang') return;
    const arrived = Date.now();
    const message = JSON.parse(await text(request)) as { readonly data?: { readonly time: string } };
    if (request.url === '/others') seen.others += 1;
    else if (message.data) late.push(arrived - Date.parse(message.data.time));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url, late, seen, stop };
}

async function floor({ url }: Receiver): Promise<Row> {
  const took: number[] = [];
  for (let post = 0; post < POSTS; post++) {
    const began = performance.now();
    await fetch(`${url}/floor`, { method: 'POST', body: '{}' });
    took.push(performance.now() - began);
  }
  return row('a POST', took, 0);
}

const row = (label: string, took: readonly number[], others: number): Row => ({
  label,
  values: [percentile(took, 0.5), percentile(took, 0.99), Math.max(...took), others],
});

const measure = (
  label: string,
  { url, late, seen }: Receiver,
  { findings, hanging }: { readonly findings: number; readonly hanging: number },
): Promise<Row> =>
  withSampleDirectory(0, async (path) => {
    const first = await startAssay(path);
    const map = (name: string, address: string) =>
      call(first.endpoint, 'MapTopic', {
        ...{ topicArn: topic(name), url: `${url}${address}`, format: 'STANDARD_WEBHOOKS', allowPrivate: true },
      });
    await map('measured', '/measured');
    await map('others', '/others');
    for (let each = 0; each < hanging; each++) await map(`hanging-${each}`, '/hang');
    const target = await call(first.endpoint, 'CreateAssessmentTarget', { assessmentTargetName: 'nothing' });
    const { rulesPackageArns } = await call(first.endpoint, 'ListRulesPackages', {});
    const { assessmentTemplateArn } = await call(first.endpoint, 'CreateAssessmentTemplate', {
      ...{ ...target, assessmentTemplateName: 'runs', durationInSeconds: 180, rulesPackageArns },
    });
    const subscription = { event: 'ASSESSMENT_RUN_STATE_CHANGED', topicArn: topic('measured') };
    await call(first.endpoint, 'SubscribeToEvent', { resourceArn: assessmentTemplateArn, ...subscription });
    await first.stop();

    await addEvents(path, topic('others'), 'one large run', findings);
    for (let each = 0; each < hanging; each++) await addEvents(path, topic(`hanging-${each}`), `run ${each}`, 1);
    const { endpoint, stop } = await startAssay(path);
    late.length = 0;
    seen.others = 0;
    const began = performance.now();
    for (let run = 0; run < RUNS; run++) {
      await call(endpoint, 'StartAssessmentRun', { assessmentTemplateArn, assessmentRunName: `run ${run}` });
      await delay(200);
    }
    for (let count = -1; late.length !== count; await delay(2000)) count = late.length;
    const others = seen.others / ((performance.now() - began) / 1000);
    const measured = row(label, late, others);
    await stop();
    return measured;
  });

async function call(url: string, operation: string, input: unknown): Promise<Record<string, string>> {
  const { name, targetPrefix } = Object.hasOwn(assayModel.operations, operation) ? assayModel : inspectorModel;
  const body = JSON.stringify(input);
  const headers = signRequest({
    ...{ ...benchKey, region: sampleScope.region, service: name, url, method: 'POST', body, now: Date.now() },
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${targetPrefix}.${operation}` },
  });
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = await response.text();
  if (response.status !== 200) throw new Error(`${operation}: ${answer}`);
  return JSON.parse(answer === '' ? '{}' : answer) as Record<string, string>;
}

/** What a topic has yet to be told, of one run. */
async function addEvents(path: string, arn: string, run: string, count: number): Promise<void> {
  if (count === 0) return;
  const store = await openStore(openDataDirectory(path).store);
  const scope = await store.scopes.idOf(sampleScope);
  const now = Date.now();
  await store.transaction(async ({ outbox, jobs }) => {
    const own = { topic: arn, run, event: 'FINDING_REPORTED', happenedAt: now };
    const message = JSON.stringify({ event: 'FINDING_REPORTED', finding: 'x'.repeat(150), time: new Date(now) });
    await outbox.append(
      scope,
      Array.from({ length: count }, () => ({ ...own, messageId: randomUUID(), message })),
      now,
    );
    await jobs.ask(scope, arn, DELIVER, now);
  });
  await store.close();
}
