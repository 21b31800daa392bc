import { assayArn } from '@assay/model/assay/arn.ts';
/** No operation costs more SQL statements as data grows. */
import { expect, test } from 'vitest';
import { addFullRun, type FullRun } from '../support/full-run.ts';
import { rawRequest } from '../support/raw-request.ts';
import {
  addHost,
  createTarget,
  createTemplate,
  given,
  historicRun,
  idsOf,
  newName,
  rulesPackages,
  scopeOf,
  someFinding,
} from '../support/scenario.ts';
import { beforeStatements } from '../support/statements.ts';
import { startTestServer, type TestServer, testAccount } from '../support/test-server.ts';

let statements = 0;
beforeStatements(() => statements++);

interface Grown {
  readonly group: string;
  readonly target: string;
  readonly template: string;
  readonly runs: readonly string[];
  readonly full: FullRun;
  /** Which took part in every run. */
  readonly host: string;
}

/** A server with so many rows of everything that lists and cascades touch. */
async function grow(server: TestServer, rows: number): Promise<Grown> {
  const client = server.client();
  const scope = await scopeOf(server);
  const { store } = server.service;
  const { body } = await rawRequest(server, 'CreateResourceGroup', {
    resourceGroupTags: [{ key: 'role', value: 'x' }],
  });
  const group = String(body.resourceGroupArn);
  const target = await createTarget(client, group);
  const template = await createTemplate(client, target);
  const full = await addFullRun(server, template, 'full');
  const [targetId = '', templateId = '', runId = ''] = idsOf(full.run);
  const [found] = await store.templates.findMany(scope, [templateId]);
  const { rulesPackages: set } = given(found);
  const runs = Array.from({ length: rows }, (_, at) =>
    historicRun({ target: targetId, template: templateId, rulesPackages: set, createdAt: at }),
  );
  await store.transaction(async (tables) => {
    await tables.runs.importMany(scope, runs);
    for (let at = 0; at < rows; at++) {
      await tables.targets.insert(scope, {
        id: `0-t${String(at).padStart(7, '0')}`,
        name: `t${at}`,
        resourceGroup: null,
        createdAt: at,
        updatedAt: at,
      });
      await tables.templates.insert(scope, {
        ...given(found),
        id: `0-m${String(at).padStart(7, '0')}`,
        name: `m${at}`,
        createdAt: at,
      });
    }
    const findings = Array.from({ length: rows }, (_, at) =>
      someFinding({ target: targetId, template: templateId, run: runId, createdAt: at }),
    );
    for (const finding of findings) await tables.findings.insertMany(scope, [finding]);
  });
  const report = { id: 'a'.repeat(32), run: given(runs[0]).id, type: 'FULL', format: 'HTML', createdAt: 1 } as const;
  await store.reports.ask(scope, report);
  await store.transaction(async ({ reports }) => {
    const making = given(await reports.begin(scope, report.id));
    for (let at = 1; at < rows / 10; at++) await reports.append(scope, making, new Uint8Array(1000));
    await reports.complete(scope, making, new Uint8Array(1000), 1);
  });
  for (let at = 0; at < rows; at++) await addHost(server, { tags: [{ key: 'role', value: 'x' }], enrolledAt: at });
  const host = await addHost(server, { enrolledAt: rows });
  await store.transaction(async ({ runAgents }) => {
    for (const { id } of runs) {
      await runAgents.insertMany(scope, id, [host.id]);
      await runAgents.release(scope, id);
    }
  });
  const hostArn = assayArn({ account: testAccount, region: 'us-east-1' }, 'host', host.id);
  return { group, target, template, runs: runs.map(({ id }) => `${template}/run/${id}`), full, host: hostArn };
}

/** Every operation of the issue, with as much in its lists as they may hold; those that change something come last. */
const calls = (g: Grown, packages: readonly string[]): [string, Readonly<Record<string, unknown>>][] => [
  ['ListAssessmentTargets', { maxResults: 500 }],
  [
    'ListAssessmentTemplates',
    { assessmentTargetArns: [g.target], filter: { rulesPackageArns: packages }, maxResults: 500 },
  ],
  ['ListAssessmentRuns', { maxResults: 500 }],
  [
    'ListAssessmentRuns',
    {
      assessmentTemplateArns: [g.template],
      filter: { namePattern: '*', states: ['COMPLETED'], rulesPackageArns: packages },
      maxResults: 500,
    },
  ],
  ['ListFindings', { assessmentRunArns: g.runs.slice(0, 50), maxResults: 500 }],
  ['ListFindings', { filter: { severities: ['Medium'], userAttributes: [{ key: 'team' }] }, maxResults: 500 }],
  ['ListExclusions', { assessmentRunArn: g.full.run, maxResults: 500 }],
  ['ListAssessmentRunAgents', { assessmentRunArn: g.full.run, maxResults: 500 }],
  ['ListRulesPackages', {}],
  ['PreviewAgents', { previewAgentsArn: g.target, maxResults: 500 }],
  ['DescribeResourceGroups', { resourceGroupArns: [g.group] }],
  ['DescribeAssessmentTargets', { assessmentTargetArns: [g.target] }],
  ['DescribeAssessmentTemplates', { assessmentTemplateArns: [g.template] }],
  ['DescribeAssessmentRuns', { assessmentRunArns: g.runs.slice(0, 100) }],
  ['DescribeFindings', { findingArns: g.full.findings }],
  ['DescribeExclusions', { exclusionArns: g.full.exclusions }],
  ['DescribeRulesPackages', { rulesPackageArns: packages }],
  ['ListHosts', { filter: { tags: [{ key: 'role' }] }, maxResults: 500 }],
  ['SearchFindings', { filter: { severities: ['Medium'] }, maxResults: 500 }],
  ['SearchFindings', { filter: { severities: ['Medium'] }, sortBy: 'SEVERITY', maxResults: 500 }],
  ['ListAffectedHosts', { ruleName: 'Disable root login over SSH', maxResults: 500 }],
  ['ListHostRuns', { hostArn: g.host, maxResults: 500 }],
  ['ListAccessKeys', { maxResults: 500 }],
  ['GetServerStatus', {}],
  ['GetRunProgress', { assessmentRunArn: g.full.run }],
  ['CreateResourceGroup', { resourceGroupTags: [{ key: 'role', value: 'y' }] }],
  ['CreateAssessmentTarget', { assessmentTargetName: newName() }],
  [
    'CreateAssessmentTemplate',
    {
      assessmentTargetArn: g.target,
      assessmentTemplateName: newName(),
      durationInSeconds: 180,
      rulesPackageArns: packages,
    },
  ],
  [
    'UpdateAssessmentTarget',
    { assessmentTargetArn: g.target, assessmentTargetName: newName(), resourceGroupArn: g.group },
  ],
  ['StopAssessmentRun', { assessmentRunArn: g.full.run }],
  ['DeleteAssessmentRun', { assessmentRunArn: g.runs[0] }],
];

test('with a hundred times the rows every operation makes as many statements', async () => {
  const limits = { targets: 1e6, templates: 1e6, runs: 1e6, hostsInRuns: 1e6 };
  const counted: Record<string, number>[] = [];
  for (const rows of [10, 1000]) {
    const server = await startTestServer({ jobs: false, limits });
    try {
      const grown = await grow(server, rows);
      const packages = await rulesPackages(server.client());
      const counts: Record<string, number> = {};
      const count = async (operation: string, input: Readonly<Record<string, unknown>>) => {
        statements = 0;
        const reply = await rawRequest(server, operation, input);
        expect(reply.status, `${operation}: ${reply.text.slice(0, 300)}`).toBe(200);
        counts[`${Object.keys(counts).length} ${operation}`] = statements;
        return reply.body;
      };
      const all = calls(grown, packages);
      // Once before, so that what is kept in memory is there in both.
      for (const [operation, input] of all.filter(([name]) => /^(List|Describe|Preview|Search|Get)/.test(name)))
        await rawRequest(server, operation, input);
      for (const [operation, input] of all) await count(operation, input);
      const { assessmentRunArn } = await count('StartAssessmentRun', { assessmentTemplateArn: grown.template });
      await count('StopAssessmentRun', { assessmentRunArn, stopAction: 'SKIP_EVALUATION' });
      await count('DeleteAssessmentTemplate', { assessmentTemplateArn: grown.template });
      await count('DeleteAssessmentTarget', { assessmentTargetArn: grown.target });
      counted.push(counts);
    } finally {
      await server.stop();
    }
  }
  const [few = {}, many = {}] = counted;
  expect(Object.keys(few)).toHaveLength(35);
  expect(Object.values(few).some((number) => number > 2)).toBe(true);
  // Hosts of a run are written 1,000 to a statement.
  expect(many).toEqual(few);
});
