import { runArn } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { addHost, given, historicRun, newId, rulesPackages, scopeOf } from '../../support/scenario.ts';
import { testAccount } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const scopeName = { account: testAccount, region: 'us-east-1' };
const target = newId();
const template = newId();
const start = Date.UTC(2024, 0, 1);
const hour = 3_600_000;
let host = '';
let stranger = '';
let packages: readonly string[] = [];
let runs: string[] = [];
const hostArn = (id: string): string => assayArn(scopeName, 'host', id);
const runOf = (at: number): string => runArn(scopeName, target, template, runs[at] ?? '');

/**
 * Five runs of an hour each: the host delivers for the first (both packages) and for the third (the first package alone, in
 * part); the second does without it, the fourth ended before it sent anything, and the fifth goes on.
 */
beforeAll(async () => {
  const { store } = server().service;
  const scope = await scopeOf(server());
  packages = (await rulesPackages(server().client())).slice(0, 2);
  host = (await addHost(server(), { hostname: 'web-1' })).id;
  stranger = (await addHost(server(), { hostname: 'new' })).id;
  await store.transaction(async (tables) => {
    const both = await tables.rulesPackageSets.idOf(packages);
    const first = await tables.rulesPackageSets.idOf(packages.slice(0, 1));
    const made = [both, both, first, first, both].map((rulesPackageSet, at) => ({
      ...historicRun({ target, template, rulesPackages: rulesPackageSet, createdAt: start + at * hour }),
      imported: false,
      name: `run ${at}`,
      ...(at === 4 ? { state: 'COLLECTING_DATA' as const, completedAt: null } : {}),
    }));
    await tables.runs.insertMany(scope, made);
    runs = made.map(({ id }) => id);
    for (const [at, run] of runs.entries()) {
      await tables.runAgents.insertMany(scope, run, [host], at === 1 ? 'TWO_MACHINES' : null);
      if (at === 0 || at === 2) {
        const as = { agentVersion: '0.1.0', privileged: at === 0 };
        await tables.runAgents.setDelivered(scope, run, host, start + at * hour + 1000, as, { partial: at === 2 });
      }
      if (at < 4) await tables.runAgents.release(scope, run);
    }
    const [cve = '', other = ''] = packages;
    for (const [at, rulesPackage, verdicts] of [
      [0, cve, [{ ruleId: 'a', outcome: 'PASSED' as const }]],
      [
        0,
        other,
        [
          { ruleId: 'b', outcome: 'PASSED' as const },
          { ruleId: 'c', outcome: 'NOT_ASSESSED' as const, reason: 'no file' },
        ],
      ],
    ] as const) {
      await tables.evaluations.insert(scope, runs[at] ?? '', {
        agent: host,
        rulesPackage,
        verdicts: [...verdicts] as never,
        evaluatedAt: start + 2000,
      });
    }
    const record = { agent: host, size: 2, telemetry: [], receivedAt: start + 1500 };
    const digest = (digit: string): string => digit.repeat(64);
    await tables.evidence.put(
      scope,
      runs[0] ?? '',
      { ...record, kind: 'packages', digest: digest('a'), collectedAt: start + 500 },
      new Uint8Array(2),
    );
    await tables.evidence.put(
      scope,
      runs[0] ?? '',
      { ...record, kind: 'sshd', digest: digest('b'), collectedAt: start + 700 },
      new Uint8Array(2),
    );
    await tables.evidence.put(
      scope,
      runs[1] ?? '',
      { ...record, kind: 'sshd', digest: digest('c'), collectedAt: start + hour },
      new Uint8Array(2),
    );
  });
});

const ask = async (operation: string, input: object) => {
  const { status, text, body } = await rawRequest(server(), operation, input);
  expect(status, text).toBe(200);
  return body;
};

describe('ListHostRuns', () => {
  testPages({
    operation: 'ListHostRuns',
    items: 'runs',
    server,
    input: () => ({ hostArn: hostArn(host) }),
    otherInput: () => ({ hostArn: hostArn(stranger) }),
  });

  test('lists every run of the host, newest first, with what it delivered, and why one did without it', async () => {
    const { runs: listed } = await ask('ListHostRuns', { hostArn: hostArn(host) });
    expect(listed).toEqual([
      expect.objectContaining({ assessmentRunArn: runOf(4), state: 'COLLECTING_DATA', delivery: 'NONE' }),
      expect.objectContaining({ assessmentRunArn: runOf(3), name: 'run 3', delivery: 'NONE' }),
      expect.objectContaining({ assessmentRunArn: runOf(2), delivery: 'PARTIAL', privileged: false }),
      expect.objectContaining({ delivery: 'NONE', excludedBecause: 'two machines use this identity' }),
      {
        assessmentRunArn: runOf(0),
        name: 'run 0',
        state: 'COMPLETED',
        createdAt: start / 1000,
        completedAt: start / 1000,
        rulesPackageArns: packages,
        delivery: 'COMPLETE',
        deliveredAt: start / 1000 + 1,
        agentVersion: '0.1.0',
        privileged: true,
      },
    ]);
    expect((listed as object[])[0]).not.toHaveProperty('completedAt');
  });

  test('a host that took part in none has none', async () => {
    expect(await ask('ListHostRuns', { hostArn: hostArn(stranger) })).toEqual({ runs: [] });
  });

  test.each(['ListHostRuns', 'GetHostCoverage'])('%s refuses what is no host of the caller', async (operation) => {
    const refused = async (arn: string): Promise<string> =>
      errorOf(await rawRequest(server(), operation, { hostArn: arn }));
    expect(await refused('nonsense')).toBe('InvalidInputException INVALID_RESOURCE_ARN');
    expect(await refused(assayArn({ ...scopeName, account: '210987654321' }, 'host', host))).toBe(
      'AccessDeniedException ACCESS_DENIED_TO_RESOURCE',
    );
  });
});

describe('GetHostCoverage', () => {
  test('each rules package speaks by its newest ended run, also where that one assessed nothing', async () => {
    const body = await ask('GetHostCoverage', { hostArn: hostArn(host) });
    const found = body.packages as Record<string, unknown>[];
    const of = (arn: string | undefined) => given(found.find(({ rulesPackageArn }) => rulesPackageArn === arn));
    expect(found).toHaveLength(2);
    // The fourth run had this package, and nothing from the host: the third and the first do not count any more.
    expect(of(packages[0])).toMatchObject({
      assessmentRunArn: runOf(3),
      assessmentRunName: 'run 3',
      notAssessedBecause: expect.any(String),
    });
    expect(of(packages[0]).verdicts).toMatchObject({ passed: 0, finding: 0, notApplicable: 0 });
    // The second run, which did without the host, had the other package last.
    expect(of(packages[1])).toMatchObject({ assessmentRunArn: runOf(1), notAssessedBecause: expect.any(String) });
  });

  test('evidence is that of these runs, with when it was read', async () => {
    const { evidence } = await ask('GetHostCoverage', { hostArn: hostArn(host) });
    expect(evidence).toEqual([
      {
        kind: 'sshd',
        assessmentRunArn: runOf(1),
        collectedAt: (start + hour) / 1000,
        receivedAt: (start + 1500) / 1000,
        digest: 'c'.repeat(64),
      },
    ]);
  });

  test('of a host that was never assessed it says nothing', async () => {
    expect(await ask('GetHostCoverage', { hostArn: hostArn(stranger) })).toEqual({ packages: [], evidence: [] });
  });
});
