/** GroupFindings and GetOverview: what is true of the fleet now, by the newest run of each host and rules package. */
import { assayArn } from '@assay/model/assay/arn.ts';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { addHost, historicRun, newId, rulesPackages, scopeOf, someFinding } from '../../support/scenario.ts';
import { testAccount } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const target = newId();
const template = newId();
const now = Date.now();
const HOUR = 3_600_000;
const hosts: Record<string, string> = {};
let packages: string[] = [];
/** The newest run of vulnerabilities, over a alone. */
let newest = '';
const hostArn = (name: string): string =>
  assayArn({ account: testAccount, region: 'us-east-1' }, 'host', hosts[name] ?? '');

type Groups = AssayOutput<'GroupFindings'>;
const group = async (input: object): Promise<Groups> =>
  (await rawRequest(server(), 'GroupFindings', input)).body as unknown as Groups;
const names = ({ groups }: Groups): string[] => groups.map(({ name }) => name);

interface Found {
  readonly host: string;
  readonly rule: string;
  readonly severity: 'High' | 'Medium' | 'Low';
  readonly attributes?: Readonly<Record<string, string>>;
  readonly rulesPackage?: string;
}

/** A run that ended so many hours ago: over hosts, by rules packages, with what it found. */
async function endRun(hoursAgo: number, over: readonly string[], by: readonly string[], found: readonly Found[]) {
  const { store } = server().service;
  const scope = await scopeOf(server());
  return store.transaction(async (tables) => {
    const createdAt = now - hoursAgo * HOUR;
    const run = {
      ...historicRun({ target, template, rulesPackages: await tables.rulesPackageSets.idOf(by), createdAt }),
      imported: false,
      findingCounts: { High: found.length },
    };
    await tables.runs.insertMany(scope, [run]);
    await tables.runAgents.insertMany(
      scope,
      run.id,
      over.map((name) => hosts[name] ?? ''),
    );
    for (const name of over) await tables.runAgents.setDelivered(scope, run.id, hosts[name] ?? '', createdAt);
    await tables.runAgents.release(scope, run.id);
    await tables.findings.insertMany(
      scope,
      found.map(({ host, rule, severity, attributes = {}, rulesPackage = by[0] ?? '' }) => {
        const finding = someFinding({ target, template, run: run.id, agent: hosts[host] ?? '' });
        const own = Object.entries(attributes).map(([key, value]) => ({ key, value }));
        return {
          ...{ ...finding, rule, severity, rulesPackage, createdAt },
          document: { ...finding.document, attributes: own },
        };
      }),
    );
    return run.id;
  });
}

/**
 * Hosts a, b and c; d was never assessed and e was removed. Vulnerabilities: an old run over all, a newer one over a alone.
 * Hardening: one run, after those.
 */
beforeAll(async () => {
  packages = (await rulesPackages(server().client())).slice(0, 2);
  const [cves = '', hardening = ''] = packages;
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    hosts[name] = (await addHost(server(), { hostname: `host-${name}` })).id;
  const { store } = server().service;
  const scope = await scopeOf(server());
  const of = { package_name: 'openssl, libssl3', fixed_version: '3.0.2' };
  await endRun(
    200,
    ['a', 'b', 'c', 'e'],
    [cves],
    [
      { host: 'a', rule: 'CVE-2026-1', severity: 'High', attributes: of },
      { host: 'b', rule: 'CVE-2026-1', severity: 'High', attributes: { ...of, EPSS_SCORE: '0.5' } },
      { host: 'c', rule: 'CVE-2026-2', severity: 'Low', attributes: { package_name: 'curl', KNOWN_EXPLOITED: 'true' } },
      { host: 'e', rule: 'CVE-2026-9', severity: 'High' },
    ],
  );
  // a was patched, and has something else.
  newest = await endRun(
    2,
    ['a'],
    [cves],
    [
      {
        host: 'a',
        rule: 'CVE-2026-3',
        severity: 'Medium',
        attributes: { package_name: 'curl, and 12 more', EPSS_SCORE: '0.9' },
      },
    ],
  );
  await endRun(1, ['a', 'b'], [hardening], [{ host: 'b', rule: 'Disable root login over SSH', severity: 'Medium' }]);
  await store.agents.change(scope, hosts.e ?? '', { removedAt: now });
  await store.exclusions.insertMany(scope, [
    {
      ...{ id: newId(), target, template, run: newest, subject: 'agent-unhealthy/x', createdAt: now },
      document: {
        title: 'Agent is unhealthy',
        description: 'It was not heard.',
        recommendation: 'Start it.',
        scopes: [{ key: 'INSTANCE_ID', value: hosts.c ?? '' }],
        attributes: [],
      },
    },
  ]);
});

describe('GroupFindings', () => {
  test('by rule has what the newest run of each host found, the most urgent first', async () => {
    const answer = await group({ groupBy: 'RULE' });
    expect(names(answer)).toEqual(['CVE-2026-2', 'CVE-2026-1', 'CVE-2026-3', 'Disable root login over SSH']);
    expect(answer).toMatchObject({ totalGroups: 4, totalFindings: 4, assessedHosts: 3, complete: true });
    // a has it no longer.
    expect(answer.groups[1]).toMatchObject({
      ...{ findings: 1, hosts: 1, severity: 'High', knownExploited: 0, fixable: 1, epss: 0.5 },
      counts: { high: 1, medium: 0, low: 0, informational: 0, undefined: 0 },
      packages: ['openssl', 'libssl3'],
    });
    expect(answer.groups[0]).toMatchObject({ knownExploited: 1, fixable: 0 });
    expect(answer.groups[0]).not.toHaveProperty('epss');
  });

  test('by package counts a finding for each package that it names', async () => {
    const { groups } = await group({ groupBy: 'PACKAGE' });
    expect(groups.map(({ name, rules }) => [name, rules])).toEqual([
      ['curl', 2],
      ['libssl3', 1],
      ['openssl', 1],
    ]);
  });

  test('by host has names and ARNs, and not the removed one', async () => {
    const { groups } = await group({ groupBy: 'HOST' });
    expect(groups.map(({ hostname, hostArn: arn, rules }) => [hostname, arn, rules])).toEqual([
      ['host-c', hostArn('c'), 1],
      ['host-b', hostArn('b'), 2],
      ['host-a', hostArn('a'), 1],
    ]);
  });

  test('by rules package', async () => {
    expect(names(await group({ groupBy: 'RULES_PACKAGE' }))).toEqual(packages);
  });

  test.each<[string, object, string[]]>([
    ['severities', { severities: ['High', 'Low'] }, ['CVE-2026-2', 'CVE-2026-1']],
    ['known exploited', { knownExploitedOnly: true }, ['CVE-2026-2']],
    ['a fix', { fixableOnly: true }, ['CVE-2026-1']],
    ['a name', { namePattern: 'ROOT*ssh' }, ['Disable root login over SSH']],
    ['rules', { ruleNames: ['CVE-2026-3', 'CVE-2026-9'] }, ['CVE-2026-3']],
    ['a package', { packageName: 'libssl3' }, ['CVE-2026-1']],
    ['nothing', { packageName: 'and 12 more' }, []],
  ])('is filtered by %s', async (_, filter, rules) => {
    expect(names(await group({ groupBy: 'RULE', filter }))).toEqual(rules);
  });

  test('is filtered by host and rules package', async () => {
    expect(names(await group({ groupBy: 'RULE', filter: { hostArns: [hostArn('b')] } }))).toEqual([
      'CVE-2026-1',
      'Disable root login over SSH',
    ]);
    const filter = { rulesPackageArns: [packages[1]] };
    expect(names(await group({ groupBy: 'RULE', filter }))).toEqual(['Disable root login over SSH']);
  });

  test('comes in pages', async () => {
    const seen: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await group({ groupBy: 'RULE', maxResults: 3, ...(nextToken ? { nextToken } : {}) });
      seen.push(...names(page));
      nextToken = page.nextToken;
    } while (nextToken);
    expect(seen).toEqual(names(await group({ groupBy: 'RULE' })));
  });

  test('refuses hosts of others, and what is no grouping', async () => {
    const other = assayArn({ account: '999999999999', region: 'us-east-1' }, 'host', hosts.a ?? '');
    for (const input of [{ groupBy: 'RULE', filter: { hostArns: [other] } }, { groupBy: 'ANY' }, {}]) {
      expect((await rawRequest(server(), 'GroupFindings', input)).status).toBe(400);
    }
  });
});

test('GetOverview says what is urgent, how old it is, and what was not assessed', async () => {
  const reply = await rawRequest(server(), 'GetOverview', {});
  expect(reply.status).toBe(200);
  const overview = reply.body as unknown as AssayOutput<'GetOverview'>;
  expect(overview).toMatchObject({
    hosts: 4,
    hostsByAge: { day: 2, week: 0, month: 1, older: 0, never: 1 },
    findings: { high: 1, medium: 2, low: 1, informational: 0, undefined: 0 },
    ...{ findingsComplete: true, hostsWithFindings: 3, knownExploited: 1, highFixable: 1, runsInProgress: [] },
    notAssessed: [{ title: 'Agent is unhealthy', recommendation: 'Start it.', hosts: 1, exclusions: 1 }],
    feeds: expect.any(Array),
  });
  expect(overview.notable.map(({ name }) => name).slice(0, 2)).toEqual(['CVE-2026-2', 'CVE-2026-1']);
  expect(overview.trend.map(({ counts }) => counts.high)).toEqual([4, 1, 1]);
});

test('GetOverview counts the hosts whose newest run had advisories: of the others no vulnerability is known', async () => {
  const looked = async () => (await rawRequest(server(), 'GetOverview', {})).body.hostsAssessedForVulnerabilities;
  expect(await looked()).toBe(0);
  const advisories = { generation: 'index-1', digest: 'ab', feeds: [] };
  const { store } = server().service;
  const scope = await scopeOf(server());
  await store.transaction((tables) => tables.runs.setKnowledge(scope, newest, { at: 1, versions: {}, advisories }));
  expect(await looked()).toBe(1);
});

test('a newer run changes what is current, and a run that goes on does not', async () => {
  const [cves = ''] = packages;
  await endRun(0.5, ['c'], [cves], []);
  expect(names(await group({ groupBy: 'RULE' }))).not.toContain('CVE-2026-2');
  expect((await group({ groupBy: 'RULE' })).assessedHosts).toBe(3);
});

test('a run counts from the moment that it ends, also where a newer one ended before it', async () => {
  const { store } = server().service;
  const scope = await scopeOf(server());
  const set = await store.transaction((tables) => tables.rulesPackageSets.idOf([packages[1] ?? '']));
  const createdAt = now - 0.8 * HOUR;
  const going = {
    ...historicRun({ target, template, rulesPackages: set, createdAt, state: 'EVALUATING_RULES', completedAt: null }),
    imported: false,
  };
  const host = hosts.c ?? '';
  await store.transaction(async (tables) => {
    await tables.runs.insertMany(scope, [going]);
    await tables.runAgents.insertMany(scope, going.id, [host]);
    await tables.runAgents.setDelivered(scope, going.id, host, createdAt);
    const finding = someFinding({ target, template, run: going.id, agent: host });
    await tables.findings.insertMany(scope, [{ ...finding, rule: 'Late', rulesPackage: packages[1] ?? '', createdAt }]);
  });
  expect(names(await group({ groupBy: 'RULE' }))).not.toContain('Late');
  await store.transaction(async (tables) => {
    await tables.runs.advance(scope, going, { ...going, state: 'COMPLETED', completedAt: now, stateChangedAt: now });
    await tables.runAgents.release(scope, going.id);
  });
  expect(names(await group({ groupBy: 'RULE' }))).toContain('Late');
});

test('another account and another region have a fleet of their own', async () => {
  const key = await server().addKey('AKIDOTHERFLEET', '999999999999');
  for (const options of [{ key }, { region: 'eu-west-1' }]) {
    const { body } = await rawRequest(server(), 'GroupFindings', { groupBy: 'RULE' }, options);
    expect(body).toMatchObject({ groups: [], totalFindings: 0, assessedHosts: 0 });
    expect((await rawRequest(server(), 'GetOverview', {}, options)).body).toMatchObject({ hosts: 0, notable: [] });
  }
});

describe('SimulatePolicy', () => {
  const actions = ['inspector:StartAssessmentRun', 'assay:ListHosts', 'assay:RemoveHost'];
  const allowed = async (policy: string | null): Promise<unknown> => {
    const key = await server().addKey('AKIDSIMULATES', testAccount);
    if (policy !== null) await server().service.store.accessKeys.setPolicy(key.accessKeyId, policy);
    const { body, status } = await rawRequest(server(), 'SimulatePolicy', { actions }, { key });
    expect(status).toBe(200);
    return (body as unknown as AssayOutput<'SimulatePolicy'>).actions.map((each) => each.allowed);
  };

  test('an administrator may do everything', async () => {
    expect(await allowed(null)).toEqual([true, true, true]);
  });

  test('a reader is told what it may not do, and why', async () => {
    expect(await allowed('read-only')).toEqual([false, true, false]);
    const key = { accessKeyId: 'AKIDSIMULATES', secretAccessKey: 'secret of AKIDSIMULATES' };
    const { body } = await rawRequest(server(), 'SimulatePolicy', { actions }, { key });
    expect(body).toMatchObject({
      policyName: 'read-only',
      actions: [{ reason: 'The policy read-only of this key does not allow it.' }, {}, {}],
    });
  });

  test('a deny wins, and conditions are asked', async () => {
    const statement = (Effect: string, Action: string, Condition?: object) => ({
      ...{ Effect, Action, Resource: '*' },
      ...(Condition && { Condition }),
    });
    const policy = {
      Version: '2012-10-17',
      Statement: [
        statement('Allow', '*'),
        statement('Deny', 'assay:RemoveHost'),
        statement('Deny', 'inspector:*', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }),
      ],
    };
    expect(await allowed(JSON.stringify(policy))).toEqual([false, true, false]);
  });

  test('what is no action is refused', async () => {
    expect(errorOf(await rawRequest(server(), 'SimulatePolicy', { actions: ['*'] }))).toMatch(/^InvalidInputException/);
  });
});

describe('ports that no process listens on', () => {
  const closed = { RULE_TYPE: 'RecognizedPortNoListener' };
  const gathered = (input: object = {}) => group({ groupBy: 'RULE', gatherClosedPorts: true, ...input });

  beforeAll(async () => {
    await endRun(
      0.4,
      ['a', 'b'],
      [packages[1] ?? ''],
      [
        {
          host: 'b',
          rule: 'Port 21 from the Internet',
          severity: 'Medium',
          attributes: { RULE_TYPE: 'RecognizedPortWithListener' },
        },
        { host: 'a', rule: 'Port 22 from the Internet', severity: 'Low', attributes: closed },
        { host: 'b', rule: 'Port 22 from the Internet', severity: 'Low', attributes: closed },
        { host: 'b', rule: 'Port 80 from the Internet', severity: 'Medium', attributes: closed },
      ],
    );
  });

  test('are in groups of their own, or counted together on request', async () => {
    const all = await group({ groupBy: 'RULE' });
    const without = await gathered();
    const ports = ['Port 22 from the Internet', 'Port 80 from the Internet'];
    expect(names(all)).toEqual(expect.arrayContaining(ports));
    expect(all).not.toHaveProperty('closedPorts');
    expect(names(without)).toEqual(names(all).filter((name) => !ports.includes(name)));
    expect(without.totalFindings).toBe(all.totalFindings);
    expect(without.closedPorts).toEqual({
      ...{ findings: 3, hosts: 2, rules: 2 },
      counts: { high: 0, medium: 1, low: 2, informational: 0, undefined: 0 },
    });
  });

  test('come after everything else that is notable', async () => {
    const { body } = await rawRequest(server(), 'GetOverview', {});
    const notable = (body.notable as { name: string }[]).map(({ name }) => name);
    expect(notable.slice(-2)).toEqual(['Port 80 from the Internet', 'Port 22 from the Internet']);
    expect(notable.indexOf('CVE-2026-1')).toBeLessThan(notable.length - 2);
  });

  test('are counted of what the filter lets through', async () => {
    expect((await gathered({ filter: { severities: ['Low'] } })).closedPorts).toMatchObject({ findings: 2, rules: 1 });
    expect((await gathered({ filter: { severities: ['High'] } })).closedPorts).toMatchObject({ findings: 0, hosts: 0 });
  });
});
