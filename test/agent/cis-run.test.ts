import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runCommand } from '@assay/agent/host/run-command.ts';
import { openIdentities } from '@assay/agent/identity.ts';
import { openHost } from '@assay/agent/open-host.ts';
import {
  DescribeFindingsCommand,
  ListAssessmentRunAgentsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-inspector';
import { expect, test } from 'vitest';
import { explainVerdict } from '../../packages/server/src/engine/judging/explain-verdict.ts';
import { cisBenchmarks } from '../../packages/server/src/rules/cis-operating-system-security-configuration-benchmarks/index.ts';
import { openContentSource } from '../../packages/server/src/runtime/content-source.ts';
import { noOscap, tinyRoot } from '../support/oscap-root.ts';
import { ovalRule } from '../support/oval-stream.ts';
import { add, newContentDirectory } from '../support/scap.ts';
import { skipNote } from '../support/shared-data.ts';
import {
  enrollRaw,
  eventually,
  exclusionsOf,
  newToken,
  runIdOf,
  scope,
  serverForTest,
  startAgent,
  startRun,
  temporaryDirectory,
  untilEnded,
  untilState,
} from './agent-server.ts';

const rules = cisBenchmarks.name;

/** A server with content for a Debian 12 of three files, and the agent of that host. */
async function scene(settings?: string) {
  const tiny = tinyRoot(settings);
  const directory = newContentDirectory();
  const { added } = await add(directory, tiny.stream);
  const content = openContentSource(directory, () => undefined);
  const server = await serverForTest({ service: { content } });
  const stateDir = temporaryDirectory();
  const host = { ...(await openHost(tiny.root)), run: runCommand };
  const token = await newToken(server);
  const agent = startAgent({ stateDir, server: new URL(server.endpoint), host, token });
  await eventually('the agent', () => agent.log.find((line) => line.includes('Waiting for runs')));
  const digest = added[0]?.digest ?? '';
  const served = join(directory.streams, `${digest}.xml.gz`);
  const agentId = (): string => openIdentities(stateDir).enrolled()?.agentId ?? '';
  return { server, agent, agentId, served, cached: join(stateDir, 'scap', `${digest}.xml`) };
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function assess({ server }: Scene, userAttributes: { key: string; value: string }[] = []) {
  const run = await startRun(server, { rules, userAttributes });
  const { state } = await untilEnded(server, run);
  const client = server.client();
  const { findingArns = [] } = await client.send(new ListFindingsCommand({ assessmentRunArns: [run] }));
  const { findings = [] } = findingArns.length
    ? await client.send(new DescribeFindingsCommand({ findingArns }))
    : { findings: [] };
  const exclusions = await exclusionsOf(server, run);
  return {
    run,
    state,
    titles: findings.map(({ title }) => title),
    said: exclusions.map(({ description }) => description).join('\n'),
  };
}

test.skipIf(noOscap)(`a run over an agent gives oscap's verdicts as findings${skipNote(noOscap)}`, async () => {
  const scenery = await scene();
  const { titles, said } = await assess(scenery);
  expect(titles).toEqual(['5.4.3.3 Ensure umask']);
  expect(said).toContain('nothing checks the rule automatically');
  // Nothing of what oscap wrote is left.
  expect(readdirSync(join(scenery.cached, '..'))).toEqual([scenery.cached.split('/').at(-1)]);
});

test.skipIf(noOscap)(`what OVAL looked at is kept where the run asks for it${skipNote(noOscap)}`, async () => {
  const scenery = await scene();
  const { store } = scenery.server.service;
  const looked = async (userAttributes: { key: string; value: string }[]) => {
    const { run } = await assess(scenery, userAttributes);
    const evaluations = await store.evaluations.list(await store.scopes.idOf(scope), runIdOf(run));
    const verdicts = evaluations.flatMap((each) => each.verdicts);
    return verdicts.find(({ outcome }) => outcome === 'FINDING')?.observations.slice(1);
  };
  expect(await looked([])).toEqual([]);
  expect(await looked([{ key: 'assay:cis-evidence', value: 'items' }])).toEqual([
    {
      source: 'OVAL: the value of UMASK in login.defs',
      observed: expect.stringMatching(/^filepath \S+\/etc\/login.defs, text UMASK 022, subexpression 022$/),
      expected: 'subexpression (pattern match) ^0?[0-7][2-7]7$',
    },
  ]);
  // A run of another package comes after; why answers by the newest that has the rule.
  await untilEnded(scenery.server, await startRun(scenery.server));
  const id = await store.scopes.idOf(scope);
  const question = { host: scenery.agentId(), subject: ovalRule('umask'), scopeName: scope, scope: id, run: undefined };
  const { service } = scenery.server;
  const why = await explainVerdict({ store, knowledge: service.knowledge, now: Date.now }, question);
  expect(why).toMatchObject({
    outcome: 'FINDING',
    sections: [{}, { heading: 'OVAL: the value of UMASK in login.defs' }],
  });
});

test.skipIf(noOscap)(`content that was changed on the host is never evaluated${skipNote(noOscap)}`, async () => {
  const scenery = await scene();
  await assess(scenery);
  const kept = readFileSync(scenery.cached, 'utf8');
  writeFileSync(scenery.cached, kept.replace('UMASK', 'ANYTHING'));
  expect((await assess(scenery)).titles).toEqual(['5.4.3.3 Ensure umask']);
  expect(readFileSync(scenery.cached, 'utf8')).toBe(kept);
  // And what a server sends in its place is not taken either.
  writeFileSync(scenery.cached, 'something else');
  writeFileSync(scenery.served, gzipSync(kept.replace('UMASK', 'ANYTHING')));
  const { titles, said } = await assess(scenery);
  expect(titles).toEqual([]);
  expect(said).toMatch(/what the server sent has another digest|it has more than the \d+ bytes/);
});

test.skipIf(noOscap)(
  `a choice that is none is said, and nothing is evaluated in its place${skipNote(noOscap)}`,
  async () => {
    const { titles, said } = await assess(await scene(), [{ key: 'assay:cis-profile', value: 'level3' }]);
    expect(titles).toEqual([]);
    expect(said).toContain('it takes level1-server');
  },
);

test('while oscap is at work the API says how many rules have a result', async () => {
  const server = await serverForTest();
  const [agent, other] = [await enrollRaw(server), await enrollRaw(server)];
  const run = await startRun(server, { rules });
  await untilState(server, run, 'COLLECTING_DATA');
  const path = `/agent/v1/runs/${runIdOf(run)}/progress`;
  const progress = (done: number) => JSON.stringify({ kind: 'scapResults', done, total: 403 });
  expect((await agent.send('POST', path, progress(120))).status).toBe(204);
  const { assessmentRunAgents = [] } = await server
    .client()
    .send(new ListAssessmentRunAgentsCommand({ assessmentRunArn: run }));
  const [at, silent] = [agent, other].map(({ id }) => assessmentRunAgents.find(({ agentId }) => agentId === id));
  expect(at?.agentHealthDetails).toMatch(/; 120 of 403 rules evaluated$/);
  expect(at?.telemetryMetadata).toEqual([
    { messageType: 'InspectorBenchmarkResult', count: 120, dataSize: 0 },
    { messageType: 'InspectorBenchmarkRule', count: 403, dataSize: 0 },
  ]);
  expect(silent?.telemetryMetadata).toEqual([]);
  expect((await agent.send('POST', path, '{"kind":"scapResults","done":-1,"total":1}')).code).toBe('InvalidMessage');
  expect((await agent.send('POST', '/agent/v1/runs/0-nothing1/progress', progress(1))).code).toBe('NotInRun');
});
