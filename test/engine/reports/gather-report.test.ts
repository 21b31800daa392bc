import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { findingSections } from '../../../packages/server/src/engine/reports/finding-sections.ts';
import { gatherReport, NoSuchRunError } from '../../../packages/server/src/engine/reports/gather-report.ts';
import { observationBudget } from '../../../packages/server/src/engine/reports/observation-budget.ts';
import type { ReportData, ReportType } from '../../../packages/server/src/engine/reports/report-data.ts';
import { openStore } from '../../../packages/server/src/store/store.ts';
import { openReportReader } from '../../../packages/server/src/store/tables/report-reader.ts';
import { closing, temporaryStore } from '../../store/open-temporary.ts';
import { given, historicRun, newId, someFinding } from '../../support/scenario.ts';
import { countStatements } from '../../support/statements.ts';

const practices = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q';
const aslr = 'Enable ASLR';
const root = 'Disable root login over SSH';
const [target, template] = [newId(), newId()];

const finding = (host: number): Verdict => ({
  ruleId: root,
  outcome: 'FINDING',
  observations: [{ source: `/etc/ssh/sshd_config:${host}`, observed: 'PermitRootLogin yes', expected: 'no' }],
  finding: {
    title: 'Root may log in',
    description: 'It may.',
    recommendation: 'Forbid it.',
    severity: 'Medium',
    attributes: [],
  },
});
const passed: Verdict = {
  ruleId: aslr,
  outcome: 'PASSED',
  observations: [{ source: '/proc/sys/kernel/randomize_va_space', observed: '2' }],
};

/** A run over so many hosts, in a store of its own. */
async function stored(hosts: number, findingsOf = hosts) {
  const location = await temporaryStore();
  const store = closing(await openStore(location), (each) => each.close());
  const scope = await store.scopes.idOf({ account: '123456789012', region: 'us-east-1' });
  const rulesPackages = await store.rulesPackageSets.idOf([practices]);
  const run = historicRun({ target, template, rulesPackages, imported: false, name: 'the run' });
  await store.runs.insertMany(scope, [run]);
  const agents = Array.from({ length: hosts }, (_, at) => `i-${String(at).padStart(17, '0')}`);
  for (const [at, id] of agents.entries()) {
    await store.agents.insert(scope, {
      id,
      publicKey: new Uint8Array(44),
      hostname: `host-${String(hosts - at).padStart(4, '0')}`,
      operatingSystem: 'as the agent said last',
      kernelVersion: '6.1.0',
      agentVersion: '0.1.0',
      ipv4Address: '192.0.2.1',
      privileged: true,
      tags: [],
      status: 'IDLE',
      enrolledAt: 1,
      seenAt: 1,
    });
  }
  await store.runAgents.insertMany(scope, run.id, agents);
  for (const [at, agent] of agents.entries()) {
    if (at % 2 === 0) await store.runAgents.setDelivered(scope, run.id, agent, 5000 + at);
    const verdicts = at < findingsOf ? [finding(at), passed] : [passed];
    await store.evaluations.insert(scope, run.id, { agent, rulesPackage: practices, verdicts, evaluatedAt: 1 });
  }
  await store.findings.insertMany(
    scope,
    agents.slice(0, findingsOf).map((agent) =>
      someFinding({
        target,
        template,
        run: run.id,
        agent,
        rule: root,
        verdict: 0,
        document: {
          title: 'Root may log in',
          description: 'It may.',
          recommendation: 'Forbid it.',
          attributes: [
            { key: 'INSTANCE_ID', value: agent },
            { key: 'port', value: '22' },
          ],
          userAttributes: [],
        },
      }),
    ),
  );
  const gather = async (type: ReportType = 'FULL', id = run.id): Promise<ReportData> => {
    const reader = await openReportReader(location);
    try {
      return await gatherReport(reader, { scope, run: id, type, createdAt: 42 });
    } finally {
      await reader.close();
    }
  };
  return { store, scope, run, agents, gather };
}

test('a rule’s findings are one group, with every host, its evidence and its attributes', async () => {
  const { gather, agents } = await stored(3, 2);
  const data = await gather();
  expect(data).toMatchObject({ createdAt: 42, account: '123456789012', region: 'us-east-1', run: { name: 'the run' } });
  expect(data.counts).toEqual({ High: 0, Medium: 2, Low: 0, Informational: 0, Undefined: 0 });
  expect(data.packages.map(({ name, counts }) => [name, counts.Medium])).toEqual([['Security Best Practices', 2]]);
  const [group] = data.findings;
  expect(data.findings.length).toBe(1);
  expect(group).toMatchObject({ rule: root, title: 'Root may log in', severity: 'Medium', hosts: 2 });
  expect(group?.variants.length).toBe(1);
  // By the hosts' names, which go the other way than their ids.
  expect(group?.variants[0]?.occurrences).toMatchObject([
    { host: { agent: agents[1] }, attributes: [{ key: 'port', value: '22' }], observations: finding(1).observations },
    { host: { agent: agents[0] }, attributes: [{ key: 'port', value: '22' }], observations: finding(0).observations },
  ]);
});

test('a full report has every rule of the package, those too that no host was judged by', async () => {
  const { gather } = await stored(3, 1);
  expect((await gather('FINDING')).rules).toBeUndefined();
  const { rules = [], findings } = await gather('FULL');
  expect(rules.length).toBe(9);
  const byRule = new Map(rules.map((rule) => [rule.rule, rule]));
  expect(byRule.get(root)).toMatchObject({
    counts: { FINDING: 1, PASSED: 0 },
    results: [{ finding: findings[0]?.anchor }],
  });
  expect(byRule.get(aslr)).toMatchObject({ counts: { PASSED: 3 } });
  expect(byRule.get(aslr)?.results[0]?.observations).toEqual(passed.observations);
  const unjudged = rules.filter(({ results }) => results.length === 0);
  expect(unjudged.length).toBe(7);
  for (const { title } of unjudged) expect(title).not.toBe('');
});

test('hosts are as they were in the run: what they said of their system, and whether they delivered', async () => {
  const { gather, store, scope, run, agents } = await stored(2);
  const [agent = ''] = agents;
  const document = { kind: 'osRelease', data: { prettyName: 'Debian GNU/Linux 12 (bookworm)' } };
  const record = { agent, kind: 'osRelease', digest: 'd', size: 1, telemetry: [], collectedAt: 1, receivedAt: 1 };
  await store.evidence.put(scope, run.id, record, gzipSync(JSON.stringify(document)));
  // One that cannot be read must not cost the whole report.
  const [, second = ''] = agents;
  await store.evidence.put(scope, run.id, { ...record, agent: second, digest: 'e' }, Buffer.from('{}'));
  const { hosts } = await gather('FINDING');
  expect(hosts).toMatchObject([
    {
      agent: agents[1],
      operatingSystem: 'as the agent said last (its evidence cannot be read)',
      health: 'UNHEALTHY',
      deliveredAt: undefined,
    },
    { agent: agents[0], operatingSystem: 'Debian GNU/Linux 12 (bookworm)', health: 'HEALTHY', deliveredAt: 5000 },
  ]);
});

test('imported findings name their hosts themselves', async () => {
  const { gather, store, scope, run } = await stored(0);
  const base = { target, template, run: run.id, agent: null };
  const document = {
    attributes: [],
    userAttributes: [],
    assetAttributes: { hostname: 'old.example', ipv4Addresses: ['192.0.2.9', 5] },
  };
  await store.findings.insertMany(scope, [
    someFinding({ ...base, document }),
    someFinding({
      ...base,
      rulesPackage: 'arn:aws:inspector:us-east-1:1:rulespackage/0-unknown0',
      document: { attributes: [], userAttributes: [] },
    }),
  ]);
  const data = await gather('FINDING');
  expect(data.hosts.map(({ hostname, agent, addresses, health }) => [hostname, agent, addresses, health])).toEqual([
    ['a host without a name', undefined, [], 'UNKNOWN'],
    ['old.example', undefined, ['192.0.2.9'], 'UNKNOWN'],
  ]);
  // By which version the hosts were judged is not known: that of today is not it.
  expect(data.packages.map(({ version }) => version)).toEqual([undefined, undefined]);
  expect(data.findings.map(({ title }) => title)).toEqual([root, root]);
});

test('within a severity what is known to be exploited comes first, then what is likely to be, the same in any order', async () => {
  const facts = [
    ['CVE-2024-0001', 'Medium', {}],
    ['CVE-2024-0002', 'Medium', { EPSS_SCORE: '0.1' }],
    ['CVE-2024-0003', 'Medium', { EPSS_SCORE: '0.93' }],
    ['CVE-2024-0004', 'Medium', { KNOWN_EXPLOITED: 'true', EPSS_SCORE: '0.01' }],
    ['CVE-2024-0005', 'High', {}],
    ['CVE-2024-0006', 'Medium', { EPSS_SCORE: 'most of all' }],
    ['CVE-2024-0007', 'Low', { KNOWN_EXPLOITED: 'true' }],
  ] as const;
  for (const order of [facts, facts.toReversed()]) {
    const { gather, store, scope, run } = await stored(0);
    const found = order.map(([rule, severity, attributes], at) =>
      someFinding({
        ...{ target, template, run: run.id, rule, severity, createdAt: at },
        document: {
          title: rule,
          attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
          userAttributes: [],
        },
      }),
    );
    // Once more on another host, of which no score is known: the group is as urgent as the most urgent of it.
    const again = given(found.find(({ rule }) => rule === 'CVE-2024-0003'));
    const other = {
      ...again,
      id: newId(),
      agent: 'i-00000000000000001',
      document: { ...again.document, attributes: [] },
    };
    await store.findings.insertMany(scope, [{ ...other, createdAt: -1 }, ...found]);
    const { findings } = await gather('FINDING');
    expect(findings.map(({ rule }) => rule.at(-1)).join('')).toBe('5432167');
    expect(findings[2]).toMatchObject({ rule: 'CVE-2024-0003', hosts: 2 });
    expect(findings[1]?.variants[0]?.occurrences[0]?.attributes).toContainEqual({
      key: 'KNOWN_EXPLOITED',
      value: 'true',
    });
  }
});

test('exclusions name their hosts and packages', async () => {
  const { gather, store, scope, run, agents } = await stored(1);
  await store.exclusions.insertMany(scope, [
    {
      id: newId(),
      target,
      template,
      run: run.id,
      subject: 's',
      createdAt: 1,
      document: {
        title: 't',
        description: 'd',
        recommendation: 'r',
        scopes: [
          { key: 'INSTANCE_ID', value: agents[0] ?? '' },
          { key: 'RULES_PACKAGE_ARN', value: practices },
        ],
        attributes: [],
      },
    },
  ]);
  expect((await gather('FINDING')).exclusions).toMatchObject([
    { title: 't', hosts: [{ hostname: 'host-0001' }], packages: [{ name: 'Security Best Practices' }] },
  ]);
});

test('who started the run, and by what it was evaluated, as it was then', async () => {
  const { gather, store, scope, agents, run: other } = await stored(2);
  await store.runAgents.release(scope, other.id);
  const [first = '', second = ''] = agents;
  const feed = { name: 'epss', updatedAt: 5, newestAt: 3, digest: 'ab'.repeat(32) };
  const run = historicRun({
    ...{ target, template, rulesPackages: await store.rulesPackageSets.idOf([practices]), imported: false },
    createdAt: Date.UTC(2020, 0, 2),
    origin: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', tags: [{ key: 'role', value: 'web' }] },
    knowledge: {
      ...{ at: 7, assay: '0.0.9', versions: { [practices]: '0.9' } },
      advisories: { generation: 'index-1', digest: 'cd'.repeat(32), feeds: [feed] },
    },
  });
  await store.runs.insertMany(scope, [run]);
  await store.runAgents.insertMany(scope, run.id, agents);
  await store.runAgents.setDelivered(scope, run.id, first, 5000, { agentVersion: '0.0.8', privileged: false });
  const record = { agent: first, size: 1, telemetry: [], collectedAt: 1, receivedAt: 1 };
  for (const kind of ['kernel', 'accounts']) {
    await store.evidence.put(scope, run.id, { ...record, kind, digest: `${kind}-sha` }, gzipSync('{}'));
  }
  const data = await gather('FULL', run.id);
  expect(data.run).toMatchObject({
    ...{ startedBy: 'AKIAIOSFODNN7EXAMPLE', tags: [{ key: 'role', value: 'web' }] },
    ...{ evaluatedAt: 7, evaluatedBy: '0.0.9' },
  });
  expect(data.packages.map(({ version }) => version)).toEqual(['0.9']);
  expect(data.knowledge).toEqual([{ kind: 'advisories', name: 'index-1', digest: 'cd'.repeat(32), sources: [feed] }]);
  const hosts = new Map(data.hosts.map((host) => [host.agent, host]));
  const lines = 'accounts accounts-sha\nkernel kernel-sha\n';
  expect(hosts.get(first)).toMatchObject({
    ...{ agentVersion: '0.0.8', root: false },
    evidence: { documents: 2, digest: createHash('sha256').update(lines).digest('hex') },
  });
  expect(hosts.get(first)?.evidence?.listed?.map(({ kind }) => kind)).toEqual(['accounts', 'kernel']);
  expect(hosts.get(second)).toMatchObject({ agentVersion: undefined, root: undefined, evidence: undefined });
  const finding = await gather('FINDING', run.id);
  expect(finding.hosts.find(({ agent }) => agent === first)?.evidence).not.toHaveProperty('listed');
  expect(finding.knowledge).toEqual(data.knowledge);
});

test('what an earlier version did not record is not known', async () => {
  const { run, hosts, packages } = await (await stored(1)).gather('FINDING');
  expect(run).toMatchObject({ startedBy: undefined, tags: undefined, evaluatedBy: undefined });
  expect(packages.map(({ version }) => version)).toEqual([undefined]);
  expect(hosts[0]).toMatchObject({ agentVersion: undefined, root: undefined });
});

test('what changed since the run before: gone is only what was looked at', async () => {
  const { gather, store, scope, run, agents } = await stored(3, 1);
  expect((await gather('FINDING')).changes).toBeUndefined();
  const day = 24 * 3600 * 1000;
  const earlier = (name: string, days: number, change = {}) =>
    historicRun({
      ...{ target, template, rulesPackages: run.rulesPackages, imported: false, name },
      createdAt: run.createdAt - days * day,
      ...change,
    });
  const [before, older] = [earlier('before', 1), earlier('older', 2)];
  await store.runs.insertMany(scope, [older, before, earlier('stopped', 0.5, { state: 'CANCELED' })]);
  const found = (agent: string, rule = root, of = before) => someFinding({ target, template, run: of.id, agent, rule });
  await store.findings.insertMany(scope, [
    found(agents[1] ?? ''),
    // A host that this run did not look at, and a rule of one that it did.
    found('i-0ffffffffffffffff'),
    found(agents[2] ?? '', 'a rule of then'),
    found(agents[0] ?? '', 'of an older run', older),
  ]);
  const { changes } = await gather('FINDING');
  expect(changes?.before.name).toBe('before');
  expect(changes?.came).toMatchObject({ rules: 1, listed: [{ rule: root, hosts: ['host-0003'] }] });
  expect(changes?.gone.listed.map(({ rule, hosts }) => [rule, hosts])).toEqual([
    [root, ['host-0002']],
    ['a rule of then', ['host-0001']],
  ]);
  expect(changes?.notLookedAt).toMatchObject({ rules: 1, listed: [{ hosts: ['i-0ffffffffffffffff'] }] });
});

test('findings about the same software are together, as urgent as the most urgent of them', async () => {
  const { gather, store, scope, run } = await stored(0);
  const about = [
    ['CVE-1', 'Low', 'vim'],
    ['CVE-2', 'Medium', 'zlib1g'],
    ['CVE-3', 'High', 'vim'],
    ['CVE-4', 'Medium', 'vim'],
  ] as const;
  await store.findings.insertMany(
    scope,
    about.map(([rule, severity, name]) =>
      someFinding({
        ...{ target, template, run: run.id, rule, severity },
        document: { title: rule, attributes: [{ key: 'package_name', value: name }], userAttributes: [] },
      }),
    ),
  );
  const { findings, priorities } = await gather('FINDING');
  const sections = findingSections(findings).map(({ software, groups }) => [software, groups.map(({ rule }) => rule)]);
  expect(sections).toEqual([
    ['vim', ['CVE-3', 'CVE-4', 'CVE-1']],
    ['zlib1g', ['CVE-2']],
  ]);
  expect(priorities.shown.map(({ what, rules }) => [what, rules])).toEqual([
    ['vim', 3],
    ['zlib1g', 1],
  ]);
});

test('as many statements for a large run as for a small one', async () => {
  const counted = async (hosts: number): Promise<number> => {
    const { gather } = await stored(hosts);
    return countStatements(gather);
  };
  const small = await counted(2);
  expect(small).toBeGreaterThan(8);
  expect(await counted(300)).toBe(small);
});

test('a run that is not there', async () => {
  const { gather } = await stored(1);
  await expect(gather('FULL', '0-00000000')).rejects.toThrow(NoSuchRunError);
});

test('observations are bounded, and what is left out is counted where it is missing', () => {
  const many = Array.from({ length: 60 }, (_, at) => ({ source: `/file:${at}`, observed: 'x'.repeat(3000) }));
  const budget = observationBudget();
  const kept = budget.take(many);
  expect(kept.length).toBe(51);
  expect(kept[0]?.observed.length).toBe(2000);
  expect(kept.at(-1)).toEqual({ source: 'not shown', observed: '10 further observations of this verdict' });
  expect(budget.leftOut()).toBe(10);
  const small = observationBudget(150);
  expect(small.take([{ source: 'a', observed: 'b' }])).toEqual([{ source: 'a', observed: 'b' }]);
  expect(small.take(many.slice(0, 3)).length).toBe(2);
  expect(small.take(many.slice(0, 3))).toEqual([
    { source: 'not shown', observed: '3 further observations of this verdict' },
  ]);
  expect(small.leftOut()).toBe(5);
});
