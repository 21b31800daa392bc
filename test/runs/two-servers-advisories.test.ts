import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  DescribeAssessmentRunsCommand,
  DescribeExclusionsCommand,
  DescribeFindingsCommand,
  ListExclusionsCommand,
  ListFindingsCommand,
  StartAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasEnded, type RunState } from '../../packages/server/src/domain/run-machine.ts';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { issueEnrollmentTokens } from '../../packages/server/src/runtime/issue-enrollment-tokens.ts';
import { openStore } from '../../packages/server/src/store/store.ts';
import { assayProgram } from '../support/assay-program.ts';
import { debianRecord, writeFeed } from '../support/debian-host.ts';
import { runProgram } from '../support/run-program.ts';
import { type OneOfSeveral, startOneOfSeveral } from '../support/several-servers.ts';
import { enrollSimulatedAgent } from '../support/simulated-agent.ts';
import { newDataDirectory, storeEnvironment, storeIn } from '../support/test-store.ts';
import { debianEvidence } from '../support/vulnerable-fleet.ts';

const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDTWO', secretAccessKey: 'a secret that is only for this test' };
const directory = newDataDirectory();
const stop = new AbortController();
let environment: Readonly<Record<string, string>>;
let servers: OneOfSeveral[] = [];
let working: Promise<void> = Promise.resolve();
let template = '';

const start = (name: string, first?: string): Promise<OneOfSeveral> =>
  startOneOfSeveral(name, first, { directory, environment, credentials, region });

/** `assay feeds update` in the data directory of a server. */
async function update(name: string, cves: readonly string[]): Promise<void> {
  const file = join(directory, 'debian.jsonl.gz');
  writeFeed(
    file,
    cves.map((cve) => debianRecord(cve, 'openssl', '3.0.9-1')),
  );
  const args = ['feeds', 'update', '--from', file, '--data-dir', join(directory, name)];
  const { status, stderr } = await runProgram(process.execPath, [assayProgram, ...args], { env: environment });
  expect(status, stderr).toBe(0);
}

const digestAt = (name: string): string =>
  (JSON.parse(readFileSync(join(directory, name, 'feeds', 'current.json'), 'utf8')) as { digest: string }).digest;

interface Judged {
  readonly state: string;
  readonly cves: readonly string[];
  readonly exclusions: readonly string[];
}

/** A run by the last server. */
async function judge(): Promise<Judged> {
  const client = servers.at(-1)?.client;
  if (!client) throw new Error('There is no server');
  const { assessmentRunArn = '' } = await client.send(
    new StartAssessmentRunCommand({ assessmentTemplateArn: template }),
  );
  for (;;) {
    const { assessmentRuns } = await client.send(
      new DescribeAssessmentRunsCommand({ assessmentRunArns: [assessmentRunArn] }),
    );
    const state = assessmentRuns?.[0]?.state ?? '';
    if (!hasEnded(state as RunState)) {
      await delay(50);
      continue;
    }
    const { findingArns = [] } = await client.send(new ListFindingsCommand({ assessmentRunArns: [assessmentRunArn] }));
    const { findings = [] } =
      findingArns.length === 0 ? {} : await client.send(new DescribeFindingsCommand({ findingArns }));
    const { exclusionArns = [] } = await client.send(new ListExclusionsCommand({ assessmentRunArn }));
    const { exclusions = {} } =
      exclusionArns.length === 0 ? {} : await client.send(new DescribeExclusionsCommand({ exclusionArns }));
    return {
      state,
      cves: findings.map(({ id }) => id ?? '').toSorted(),
      exclusions: Object.values(exclusions).map(({ description }) => description ?? ''),
    };
  }
}

beforeAll(async () => {
  environment = {
    ...(await storeEnvironment(directory)),
    ASSAY_ACCESS_KEY_ID: credentials.accessKeyId,
    ASSAY_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const first = await start('a');
  servers = [first, await start('b', 'a')];
  const store = await openStore(await storeIn(directory));
  const [token = ''] = await issueEnrollmentTokens(store, { account: '123456789012', region }, 3_600_000, 1);
  await store.close();
  const agent = await enrollSimulatedAgent({
    endpoint: () => servers.at(-1)?.endpoint ?? '',
    token,
    hostname: 'web',
    tags: [],
    evidence: debianEvidence([{ name: 'openssl', version: '3.0.8-1', source: 'openssl' }]),
  });
  working = agent.work(stop.signal);
  const { assessmentTargetArn } = await first.client.send(
    new CreateAssessmentTargetCommand({ assessmentTargetName: 'every host' }),
  );
  const { assessmentTemplateArn } = await first.client.send(
    new CreateAssessmentTemplateCommand({
      assessmentTargetArn,
      assessmentTemplateName: 'again and again',
      durationInSeconds: 3600,
      rulesPackageArns: [rulesPackageArns(region).get('Common Vulnerabilities and Exposures') ?? ''],
    }),
  );
  template = assessmentTemplateArn ?? '';
}, 60_000);

afterAll(async () => {
  stop.abort();
  await Promise.all(servers.map(({ process }) => process.end('SIGKILL')));
  await working;
});

test('what one server knows is known to the other at once, and what it cannot take it says', async () => {
  await update('a', ['CVE-2026-0001']);
  const [first, second] = servers;
  await first?.process.end('SIGKILL');
  servers = second ? [second] : [];
  // The second has not looked since, for all that is known here: it does before it judges.
  expect(await judge()).toMatchObject({ cves: ['CVE-2026-0001'] });
  expect(digestAt('b')).toBe(digestAt('a'));

  await update('a', ['CVE-2026-0001', 'CVE-2026-0002']);
  const { state, cves, exclusions } = await judge();
  expect({ state, cves, exclusions: exclusions.filter((each) => each.includes('other servers')) }).toEqual({
    state: expect.stringMatching(/^COMPLETED/),
    cves: ['CVE-2026-0001', 'CVE-2026-0002'],
    exclusions: [],
  });

  const index = join(directory, 'b', 'feeds', 'index');
  rmSync(index, { recursive: true });
  writeFileSync(index, '');
  await update('a', ['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003']);
  const behind = await judge();
  expect(behind).toEqual({
    state: 'COMPLETED_WITH_ERRORS',
    cves: ['CVE-2026-0001', 'CVE-2026-0002'],
    exclusions: expect.arrayContaining([
      expect.stringMatching(/was evaluated with older advisories than the other servers have: .*EEXIST|ENOTDIR/),
    ]),
  });
  expect(second?.process.complaints()).toContain('The advisories that another server shared cannot be taken');

  rmSync(index);
  mkdirSync(index);
  expect((await judge()).cves).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003']);
}, 120_000);
