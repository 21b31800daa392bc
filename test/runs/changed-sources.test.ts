import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  DescribeAssessmentRunsCommand,
  DescribeFindingsCommand,
  DescribeRulesPackagesCommand,
  InspectorClient,
  ListFindingsCommand,
  StartAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import { expect, onTestFinished, test } from 'vitest';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { storeFileOf } from '../../packages/server/src/runtime/data-directory.ts';
import { copyClone } from '../support/copy-clone.ts';
import { enrollFleet } from '../support/enroll-fleet.ts';
import { given } from '../support/scenario.ts';
import { startServerProcess } from '../support/server-process.ts';

const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDPULL', secretAccessKey: 'a secret that is only for this test' };
const bestPractices = given(rulesPackageArns(region).get('Security Best Practices'));

test('what a server judges by does not change when its sources do, as by git pull, until it is started again', async () => {
  const clone = copyClone();
  const data = join(clone.directory, 'data');
  const environment = {
    ASSAY_ACCESS_KEY_ID: credentials.accessKeyId,
    ASSAY_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  let server = startServerProcess(data, environment, clone.program);
  let endpoint = given(await server.ready);
  const stop = new AbortController();
  onTestFinished(async () => {
    stop.abort();
    await server.end('SIGKILL');
    clone.remove();
  });
  const [agent] = await enrollFleet(
    { file: storeFileOf(data) },
    { account: '123456789012', region },
    1,
    () => () => endpoint,
  );
  void given(agent).work(stop.signal);

  const pulled = (path: string, from: string, to: string): void => {
    const file = join(clone.directory, 'packages/server/src/rules/security-best-practices', path);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(from);
    writeFileSync(file, text.replace(from, to));
  };
  pulled('disable-root-login.ts', 'The SSH server lets root log in', 'Pulled while it ran');
  pulled('index.ts', "version: '1.0'", "version: '2.0'");

  // No thread has judged yet: the first starts now.
  expect(await judge(endpoint)).toEqual({ version: '1.0', old: true, pulled: false });

  await server.end('SIGTERM');
  server = startServerProcess(data, environment, clone.program);
  endpoint = given(await server.ready);
  expect(await judge(endpoint)).toEqual({ version: '2.0', old: false, pulled: true });
});

/** What a server says of its package, and which titles the findings of a run have. */
async function judge(endpoint: string): Promise<{ version: string | undefined; old: boolean; pulled: boolean }> {
  const client = new InspectorClient({ endpoint, region, credentials });
  const described = await client.send(new DescribeRulesPackagesCommand({ rulesPackageArns: [bestPractices] }));
  const name = `judged ${Date.now()}`;
  const target = await client.send(new CreateAssessmentTargetCommand({ assessmentTargetName: name }));
  const template = await client.send(
    new CreateAssessmentTemplateCommand({
      assessmentTargetArn: target.assessmentTargetArn,
      assessmentTemplateName: name,
      durationInSeconds: 180,
      rulesPackageArns: [bestPractices],
    }),
  );
  const { assessmentRunArn = '' } = await client.send(
    new StartAssessmentRunCommand({ assessmentTemplateArn: template.assessmentTemplateArn }),
  );
  for (let state = ''; !state.startsWith('COMPLETED'); await delay(50)) {
    const runs = await client.send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [assessmentRunArn] }));
    state = runs.assessmentRuns?.[0]?.state ?? '';
    expect(state).not.toBe('FAILED');
  }
  const { findingArns = [] } = await client.send(new ListFindingsCommand({ assessmentRunArns: [assessmentRunArn] }));
  const { findings = [] } = await client.send(new DescribeFindingsCommand({ findingArns }));
  client.destroy();
  const titles = findings.map(({ title }) => title ?? '');
  return {
    version: described.rulesPackages?.[0]?.version,
    old: titles.some((title) => title.includes('The SSH server lets root log in')),
    pulled: titles.some((title) => title.includes('Pulled while it ran')),
  };
}
