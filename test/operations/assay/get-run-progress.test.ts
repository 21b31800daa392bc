import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun, type FullRun } from '../../support/full-run.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { addHost, createTarget, createTemplate, idsOf, scopeOf } from '../../support/scenario.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let full: FullRun;
beforeAll(async () => {
  const client = server().client();
  full = await addFullRun(server(), await createTemplate(client, await createTarget(client)), 'a run');
});

const progress = () => rawRequest(server(), 'GetRunProgress', { assessmentRunArn: full.run });

describe('GetRunProgress', () => {
  test('counts what became of hosts, and on how many each rules package was evaluated', async () => {
    const { store } = server().service;
    const scope = await scopeOf(server());
    const run = idsOf(full.run).at(-1) ?? '';
    const [whole, partly, excluded] = [await addHost(server()), await addHost(server()), await addHost(server())];
    const { body: before } = await progress();
    expect(before).toMatchObject({ hosts: 1, deliveredHosts: 0, partlyDeliveredHosts: 0, excludedHosts: 0 });
    const [{ rulesPackageArn: evaluated, evaluatedHosts } = { rulesPackageArn: '', evaluatedHosts: 0 }] = (
      before.rulesPackages as { rulesPackageArn: string; evaluatedHosts: number }[]
    ).filter((each) => each.evaluatedHosts > 0);
    expect(evaluatedHosts).toBe(1);

    await store.transaction(async (tables) => {
      await tables.runAgents.insertMany(scope, run, [whole.id, partly.id]);
      await tables.runAgents.insertMany(scope, run, [excluded.id], 'REMOVED');
      const said = { agentVersion: '0.1.0', privileged: true };
      await tables.runAgents.setDelivered(scope, run, whole.id, 1, said);
      await tables.runAgents.setDelivered(scope, run, partly.id, 2, said, { partial: true });
      await tables.evaluations.insert(scope, run, {
        agent: whole.id,
        rulesPackage: evaluated,
        verdicts: [],
        evaluatedAt: 3,
      });
    });
    const { body } = await progress();
    expect(body).toMatchObject({
      state: 'COMPLETED',
      hosts: 4,
      deliveredHosts: 2,
      partlyDeliveredHosts: 1,
      excludedHosts: 1,
    });
    const packages = body.rulesPackages as { rulesPackageArn: string; packageName: string; evaluatedHosts: number }[];
    expect(packages.find(({ rulesPackageArn }) => rulesPackageArn === evaluated)?.evaluatedHosts).toBe(2);
    for (const { packageName } of packages) expect(packageName).not.toMatch(/^arn:/);
  });

  test('GetRunCoverage has as many exclusions as ListExclusions lists', async () => {
    const { body } = await rawRequest(server(), 'GetRunCoverage', { assessmentRunArn: full.run });
    expect(body.exclusions).toBe(full.exclusions.length);
  });

  test('refuses a run that is not there', async () => {
    const assessmentRunArn = full.run.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const answer = await rawRequest(server(), 'GetRunProgress', { assessmentRunArn });
    expect(errorOf(answer)).toMatch(/NoSuchEntityException/);
  });
});
