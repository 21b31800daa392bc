import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { issueEnrollmentTokens } from '../../packages/server/src/runtime/issue-enrollment-tokens.ts';
import { findings, insecure } from '../rules/security-best-practices/hosts.ts';
import { rawRequest } from '../support/raw-request.ts';
import { given } from '../support/scenario.ts';
import { enrollSimulatedAgent } from '../support/simulated-agent.ts';
import { testAccount, testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const region = 'us-east-1';
const topicArn = `arn:aws:sns:${region}:${testAccount}:handled`;
const server = useServer({ jobs: true });

async function call(operation: string, input: unknown): Promise<Record<string, string>> {
  const reply = await rawRequest(server(), operation, input);
  expect(reply.status, reply.text).toBe(200);
  return reply.body as Record<string, string>;
}

/** The handler of docs/events.md in a process of its own: its port, and the lines that it prints after that. */
async function startHandler() {
  const program = join(import.meta.dirname, '../../docs/examples/events-handler.mjs');
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env.PATH, PORT: '0', AWS_REGION: region, AWS_ENDPOINT_URL_INSPECTOR: server().endpoint },
      ...{ AWS_ACCESS_KEY_ID: testKey.accessKeyId, AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey },
    },
  });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => given((await lines.next()).value as string | undefined);
  return { port: given(/^listens on port (\d+)$/.exec(await next())?.[1]), next };
}

test('the handler of docs/events.md receives a whole run, from its states to its findings', async () => {
  const { port, next } = await startHandler();
  const { store } = server().service;
  const [token = ''] = await issueEnrollmentTokens(store, { account: testAccount, region }, 3_600_000, 1);
  const agent = await enrollSimulatedAgent({
    ...{ endpoint: () => server().endpoint, token, hostname: 'web-1', tags: [], evidence: insecure },
  });
  const stop = new AbortController();
  const working = agent.work(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await working;
  });

  await call('MapTopic', { topicArn, url: `http://127.0.0.1:${port}/`, allowPrivate: true });
  const target = await call('CreateAssessmentTarget', { assessmentTargetName: 'all' });
  const { assessmentTemplateArn } = await call('CreateAssessmentTemplate', {
    ...{ ...target, assessmentTemplateName: 'practices', durationInSeconds: 180 },
    rulesPackageArns: [rulesPackageArns(region).get('Security Best Practices')],
  });
  for (const event of ['STARTED', 'STATE_CHANGED', 'COMPLETED'].map((name) => `ASSESSMENT_RUN_${name}`)) {
    await call('SubscribeToEvent', { resourceArn: assessmentTemplateArn, event, topicArn });
  }
  await call('SubscribeToEvent', { resourceArn: assessmentTemplateArn, event: 'FINDING_REPORTED', topicArn });
  expect(await next()).toBe(`subscribed to ${topicArn}`);

  const { assessmentRunArn } = await call('StartAssessmentRun', { assessmentTemplateArn });
  const lines: string[] = [];
  do lines.push(await next());
  while (!lines.at(-1)?.startsWith('ASSESSMENT_RUN_COMPLETED'));
  expect(lines.filter((line) => !line.startsWith('finding'))).toEqual([
    'state START_DATA_COLLECTION_PENDING',
    'state START_DATA_COLLECTION_IN_PROGRESS',
    'state COLLECTING_DATA',
    `ASSESSMENT_RUN_STARTED ${assessmentRunArn}`,
    'state STOP_DATA_COLLECTION_PENDING',
    'state DATA_COLLECTED',
    'state START_EVALUATING_RULES_PENDING',
    'state EVALUATING_RULES',
    'state COMPLETED',
    `ASSESSMENT_RUN_COMPLETED ${assessmentRunArn}`,
  ]);
  const found = lines.filter((line) => line.startsWith('finding'));
  expect(found).toHaveLength(findings(insecure).length);
  expect(found.every((line) => /^finding \w+: .+ \(web-1\)$/.test(line))).toBe(true);
  // Between the state in which they were found and the end.
  expect(lines.indexOf('state EVALUATING_RULES')).toBeLessThan(lines.indexOf(given(found[0])));
});
