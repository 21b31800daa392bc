import { runArn } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { addHost, given, historicRun, newId, rulesPackages, scopeOf, someFinding } from '../../support/scenario.ts';
import { testAccount } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const scopeName = { account: testAccount, region: 'us-east-1' };
const target = newId();
const template = newId();
const cve = 'CVE-2026-0001';
const start = Date.UTC(2024, 0, 1);
const hosts: string[] = [];
let runs: string[] = [];
let going = '';
let vulnerabilities = '';
const hostArn = (id: string): string => assayArn(scopeName, 'host', id);
const runOf = (id: string): string => runArn(scopeName, target, template, id);

/**
 * Three runs, an hour apart, over three hosts: a has the CVE in each, b in the first alone, and c, which did not deliver for
 * the last run, in the second. A fourth run goes on.
 */
beforeAll(async () => {
  const { store } = server().service;
  const scope = await scopeOf(server());
  const packages = await rulesPackages(server().client());
  vulnerabilities = given(packages[0]);
  for (const hostname of ['a', 'b', 'c']) hosts.push((await addHost(server(), { hostname })).id);
  const [a = '', b = '', c = ''] = hosts;
  await store.transaction(async (tables) => {
    const set = await tables.rulesPackageSets.idOf(packages);
    const made = [0, 1, 2, 3].map((at) => ({
      ...historicRun({ target, template, rulesPackages: set, createdAt: start + at * 3_600_000 }),
      imported: false,
      ...(at === 3 ? { state: 'EVALUATING_RULES' as const, completedAt: null } : {}),
    }));
    await tables.runs.insertMany(scope, made);
    runs = made.map(({ id }) => id);
    going = runs[3] ?? '';
    for (const [at, run] of runs.entries()) {
      await tables.runAgents.insertMany(scope, run, hosts);
      for (const host of hosts) if (host !== c || at < 2) await tables.runAgents.setDelivered(scope, run, host, start);
      await tables.runAgents.release(scope, run);
    }
    const found = [
      [a, 0],
      [b, 0],
      [a, 1],
      [c, 1],
      [a, 2],
      [b, 3],
    ] as const;
    const findings = found.map(([agent, at], index) =>
      someFinding({
        ...{ target, template, run: runs[at] ?? '', agent, rule: cve, rulesPackage: vulnerabilities },
        severity: index === 4 ? 'High' : 'Medium',
        createdAt: start + at * 3_600_000 + index,
        document: {
          title: `${cve} affects curl`,
          assetAttributes: { schemaVersion: 1, agentId: agent, hostname: `name of ${agent}` },
          attributes: [
            { key: 'CVE_ID', value: cve },
            { key: 'package_name', value: index === 4 ? 'curl' : 'libcurl4, curl, and 2 more' },
            { key: 'installed_version', value: '1.0' },
            { key: 'fixed_version', value: '1.1' },
          ],
          userAttributes: [],
        },
      }),
    );
    // The verdict of the newest of them is kept: it says which package has which version.
    await tables.evaluations.insert(scope, runs[2] ?? '', {
      agent: a,
      rulesPackage: vulnerabilities,
      evaluatedAt: start,
      verdicts: [
        { ruleId: 'CVE-2026-0002', outcome: 'PASSED', observations: [] },
        {
          ruleId: cve,
          outcome: 'FINDING',
          observations: [],
          finding: {
            severity: 'High',
            packages: [
              {
                name: 'curl',
                sourceName: 'curl',
                installedVersion: '1.0',
                fixedVersion: '1.1',
                state: 'FIX_AVAILABLE',
              },
              { name: 'libcurl4', sourceName: 'curl', installedVersion: '0.9', fixedVersion: null, state: 'NO_FIX' },
            ],
          },
        },
      ],
    });
    await tables.findings.insertMany(scope, [
      ...findings,
      someFinding({ target, template, run: runs[0] ?? '', agent: a, createdAt: start }),
      // Of the same host and rule, of nobody's: an imported finding without an agent.
      someFinding({ target, template, run: runs[0] ?? '', agent: null, rule: cve, createdAt: start - 1 }),
    ]);
  });
});

const search = async (filter?: object) => {
  const { status, text, body } = await rawRequest(server(), 'SearchFindings', { filter });
  expect(status, text).toBe(200);
  return body.findings as Record<string, unknown>[];
};
const ruleAndRun = (found: readonly Record<string, unknown>[]) =>
  found.map(({ ruleName, agentId, assessmentRunArn }) => [
    ruleName === cve ? 'cve' : 'other',
    hosts.indexOf(String(agentId)),
    runs.findIndex((run) => runOf(run) === assessmentRunArn),
  ]);

describe('SearchFindings', () => {
  testPages({
    operation: 'SearchFindings',
    items: 'findings',
    server,
    input: () => ({}),
    otherInput: () => ({ filter: { ruleNames: [cve] } }),
  });

  test('by severity the worst come first, the newest first in each, and pages hold to it', async () => {
    for (const filter of [{}, { hostArns: hosts.map(hostArn) }, { severities: ['Medium'] }]) {
      const all = await search(filter);
      const ranks = ['High', 'Medium', 'Low', 'Informational', 'Undefined'];
      const expected = ranks.flatMap((rank) => all.filter(({ severity }) => severity === rank));
      for (const maxResults of [1, 2, 3, 100]) {
        const seen: unknown[] = [];
        let nextToken: unknown;
        do {
          const input = { filter, sortBy: 'SEVERITY', maxResults, ...(nextToken === undefined ? {} : { nextToken }) };
          const { body } = await rawRequest(server(), 'SearchFindings', input);
          const findings = body.findings as unknown[];
          expect(findings).toHaveLength(Math.min(maxResults, expected.length - seen.length));
          seen.push(...findings);
          nextToken = body.nextToken;
        } while (nextToken !== undefined);
        expect(seen).toEqual(expected);
      }
    }
  });

  test('with packages each has its own versions where the verdict is kept, and else those that all have', async () => {
    const { body } = await rawRequest(server(), 'SearchFindings', {
      filter: { ruleNames: [cve], hostArns: [hostArn(hosts[0] ?? '')] },
      includePackages: true,
    });
    const same = { installedVersion: '1.0', fixedVersion: '1.1' };
    expect((body.findings as { packages?: unknown }[]).map(({ packages }) => packages)).toEqual([
      [
        { name: 'curl', ...same },
        { name: 'libcurl4', installedVersion: '0.9' },
      ],
      [
        { name: 'libcurl4', ...same },
        { name: 'curl', ...same },
      ],
      [
        { name: 'libcurl4', ...same },
        { name: 'curl', ...same },
      ],
    ]);
    expect((await search({ ruleNames: [cve] }))[0]).not.toHaveProperty('packages');
  });

  test('a token of one order is not one of the other', async () => {
    const { body } = await rawRequest(server(), 'SearchFindings', { sortBy: 'SEVERITY', maxResults: 1 });
    const { nextToken } = body;
    expect(errorOf(await rawRequest(server(), 'SearchFindings', { maxResults: 1, nextToken }))).toBe(
      'InvalidInputException INVALID_PAGINATION_TOKEN',
    );
  });

  test('finds over all runs that have ended, newest first, with what a line of a table needs', async () => {
    const found = await search();
    expect(found).toHaveLength(7);
    expect(found[0]).toEqual({
      findingArn: expect.stringContaining(`${runOf(runs[2] ?? '')}/finding/`),
      assessmentRunArn: runOf(runs[2] ?? ''),
      hostArn: hostArn(hosts[0] ?? ''),
      agentId: hosts[0],
      hostname: `name of ${hosts[0]}`,
      rulesPackageArn: vulnerabilities,
      ruleName: cve,
      title: `${cve} affects curl`,
      severity: 'High',
      packageName: 'curl',
      installedVersion: '1.0',
      fixedVersion: '1.1',
      createdAt: (start + 2 * 3_600_000 + 4) / 1000,
    });
    expect(found.some(({ assessmentRunArn }) => assessmentRunArn === runOf(going))).toBe(false);
  });

  test.each<[string, () => object, unknown[]]>([
    [
      'a CVE',
      () => ({ ruleNames: [cve], hostArns: hosts.map(hostArn) }),
      [
        ['cve', 0, 2],
        ['cve', 2, 1],
        ['cve', 0, 1],
        ['cve', 1, 0],
        ['cve', 0, 0],
      ],
    ],
    ['a host', () => ({ hostArns: [hostArn(hosts[1] ?? '')] }), [['cve', 1, 0]]],
    ['a package', () => ({ packageName: 'curl', severities: ['High'] }), [['cve', 0, 2]]],
    [
      'a package among others',
      () => ({ packageName: 'libcurl4' }),
      [
        ['cve', 2, 1],
        ['cve', 0, 1],
        ['cve', 1, 0],
        ['cve', 0, 0],
      ],
    ],
    [
      'a package, alone or among others',
      () => ({ packageName: 'curl', hostArns: [hostArn(hosts[0] ?? '')] }),
      [
        ['cve', 0, 2],
        ['cve', 0, 1],
        ['cve', 0, 0],
      ],
    ],
    ['a part of a name', () => ({ packageName: 'and 2 more' }), []],
    ['a package that has nothing', () => ({ packageName: 'wget' }), []],
    [
      'runs',
      () => ({ assessmentRunArns: [runOf(runs[1] ?? '')] }),
      [
        ['cve', 2, 1],
        ['cve', 0, 1],
      ],
    ],
    ['a time', () => ({ createdAfter: (start + 2 * 3_600_000) / 1000 }), [['cve', 0, 2]]],
    [
      'another rules package',
      () => ({ rulesPackageArns: [vulnerabilities], createdBefore: (start + 1) / 1000 }),
      [
        ['cve', 1, 0],
        ['cve', 0, 0],
      ],
    ],
  ])('by %s', async (_name, filter, expected) => {
    expect(ruleAndRun(await search(filter()))).toEqual(expected);
  });

  test.each([
    [{ hostArns: ['i-1'] }, 'InvalidInputException INVALID_RESOURCE_ARN'],
    [
      { hostArns: [assayArn({ ...scopeName, account: '210987654321' }, 'host', 'i-1')] },
      'AccessDeniedException ACCESS_DENIED_TO_RESOURCE',
    ],
    [{ assessmentRunArns: [runOf('0-aaaaaaaa')] }, 'NoSuchEntityException ASSESSMENT_RUN_DOES_NOT_EXIST'],
    [{ assessmentRunArns: ['x'] }, 'InvalidInputException INVALID_ASSESSMENT_RUN_ARN'],
    [{ severities: ['Bad'] }, 'InvalidInputException INVALID_MEMBER'],
    [{ ruleNames: [] }, 'InvalidInputException INVALID_MEMBER'],
  ])('refuses %j', async (filter, error) => {
    expect(errorOf(await rawRequest(server(), 'SearchFindings', { filter }))).toBe(error);
  });
});

describe('ListAffectedHosts', () => {
  testPages({
    operation: 'ListAffectedHosts',
    items: 'hosts',
    server,
    input: () => ({ ruleName: cve }),
    otherInput: () => ({ ruleName: 'Disable root login over SSH' }),
  });

  test('says since when, when last, and whether the newest run that has the host found it again', async () => {
    const { body } = await rawRequest(server(), 'ListAffectedHosts', { ruleName: cve });
    const byHost = new Map((body.hosts as Record<string, unknown>[]).map((each) => [each.agentId, each]));
    expect([...byHost.keys()]).toEqual([...hosts].sort());
    const at = (run: number, index: number): number => (start + run * 3_600_000 + index) / 1000;
    const runAt = (run: number) => ({ lastAssessedAt: at(run, 0), lastAssessmentRunArn: runOf(runs[run] ?? '') });
    const [a = '', b = '', c = ''] = hosts;
    expect(byHost.get(a)).toMatchObject({
      ...{ hostArn: hostArn(a), hostname: `name of ${a}`, severity: 'High', rulesPackageArn: vulnerabilities },
      ...{ firstFoundAt: at(0, 0), lastFoundAt: at(2, 4), foundInLastRun: true, ...runAt(2) },
      lastFindingArn: expect.stringContaining(`${runOf(runs[2] ?? '')}/finding/`),
    });
    // What the run that goes on has found is not told yet.
    expect(byHost.get(b)).toMatchObject({ lastFoundAt: at(0, 1), foundInLastRun: false, ...runAt(2) });
    // It did not deliver for the newest run: the one before is the newest that assessed it.
    expect(byHost.get(c)).toMatchObject({ firstFoundAt: at(1, 3), foundInLastRun: true, ...runAt(1) });
  });

  test('knows nothing of a rule that nobody has', async () => {
    const { body } = await rawRequest(server(), 'ListAffectedHosts', { ruleName: 'CVE-2020-0001' });
    expect(body).toEqual({ hosts: [] });
  });
});
