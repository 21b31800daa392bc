import { catalogOf } from '../../packages/server/src/engine/judging/rules-package-catalog.ts';
import { addHost, given, historicRun, idsOf, newId, scopeOf, someFinding } from './scenario.ts';
import type { TestServer } from './test-server.ts';

export interface FullRun {
  readonly run: string;
  readonly findings: readonly string[];
  readonly exclusions: readonly string[];
}

/** An ended run of a template with a row in every table that hangs on a run; `name` tells its evidence from others'. */
export async function addFullRun(server: TestServer, templateArn: string, name: string): Promise<FullRun> {
  const { store } = server.service;
  const scope = await scopeOf(server);
  const [target = '', template = ''] = idsOf(templateArn);
  const [found] = await store.templates.findMany(scope, [template]);
  const host = await addHost(server);
  const run = historicRun({ target, template, rulesPackages: given(found).rulesPackages, imported: false });
  const findings = [1, 2, 3].map((at) =>
    someFinding({
      target,
      template,
      run: run.id,
      agent: host.id,
      createdAt: run.createdAt + at,
      document: {
        title: 'A title',
        attributes: [{ key: 'INSTANCE_ID', value: host.id }],
        userAttributes: [{ key: 'team', value: 'blue' }],
      },
    }),
  );
  const exclusions = [1, 2, 3].map((at) => ({
    id: newId(),
    target,
    template,
    run: run.id,
    subject: `subject ${at}`,
    document: {
      title: `Exclusion ${at}`,
      description: 'A description',
      recommendation: 'A recommendation',
      scopes: [{ key: 'INSTANCE_ID' as const, value: host.id }],
      attributes: [],
    },
    createdAt: run.createdAt + at,
  }));
  const record = { agent: host.id, kind: 'osRelease' as const, size: 2, telemetry: [], collectedAt: 1, receivedAt: 1 };
  await store.transaction(async (tables) => {
    await tables.runs.insertMany(scope, [run]);
    await tables.runAgents.insertMany(scope, run.id, [host.id]);
    await tables.runAgents.release(scope, run.id);
    await tables.findings.insertMany(scope, findings);
    await tables.exclusions.insertMany(scope, exclusions);
    await tables.evidence.put(scope, run.id, { ...record, digest: name }, Buffer.from('{}'));
    await tables.evidence.put(scope, run.id, { ...record, kind: 'kernel', digest: 'shared' }, Buffer.from('{}'));
    await tables.evaluations.insert(scope, run.id, {
      agent: host.id,
      rulesPackage: given(catalogOf('us-east-1')[0]).arn,
      verdicts: [],
      evaluatedAt: 1,
    });
    await tables.jobs.ask(scope, run.id, 'collect', 0);
  });
  const runArn = `${templateArn}/run/${run.id}`;
  return {
    run: runArn,
    findings: findings.map(({ id }) => `${runArn}/finding/${id}`),
    exclusions: exclusions.map(({ id }) => `${runArn}/exclusion/${id}`),
  };
}
