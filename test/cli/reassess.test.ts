import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import { advanceRun } from '../../packages/server/src/engine/runs/advance-run.ts';
import { debianRecord, writeFeed } from '../support/debian-host.ts';
import { startTestServer } from '../support/test-server.ts';
import { debianEvidence, openVulnerableFleet, region, type VulnerableFleet } from '../support/vulnerable-fleet.ts';
import { runAssay } from './run-assay.ts';

let fleet: VulnerableFleet;
let hosts: Agent[];
let run: string;
const openssl = debianRecord('CVE-2023-5363', 'openssl', '3.0.11-1~deb12u2');
const DAY = 86_400_000;
beforeEach(async () => {
  fleet = await openVulnerableFleet();
  await fleet.feed([openssl], fleet.now);
  hosts = await fleet.addHosts(2);
  run = await fleet.assess(
    hosts.map((agent) => [
      agent,
      [
        { name: 'libssl3', version: '3.0.9-1', source: 'openssl' },
        { name: 'bash', version: '5.2.15-2' },
      ],
    ]),
  );
});
afterEach(() => fleet.close());

const reassess = (...args: string[]) =>
  runAssay(['reassess', ...args, '--data-dir', fleet.directory, '--region', region]);
const idOf = (stdout: string): string => /run\/(0-\w{8})/.exec(stdout)?.[1] ?? '';

test('the same evidence and the same advisories give the same findings, byte for byte', async () => {
  const { status, stdout, stderr } = await reassess(run, '--feeds', 'same');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const documents = async (of: string) =>
    (await fleet.findings(of))
      .toSorted((a, b) => (`${a.agent}${a.rule}` < `${b.agent}${b.rule}` ? -1 : 1))
      .map(({ agent, rule, severity, document }) => JSON.stringify({ agent, rule, severity, document }));
  const again = await documents(idOf(stdout));
  expect(again).toHaveLength(2);
  expect(again).toEqual(await documents(run));
  const ended = await fleet.find(idOf(stdout));
  expect(ended).toMatchObject({ state: (await fleet.find(run)).state, startedAt: null, dataCollected: true });
  expect(ended.knowledge).toMatchObject({ evidenceOf: run });
  expect(await fleet.store.runAgents.active(fleet.scope)).toEqual([]);
});

test('newer advisories give what is new, named', async () => {
  await fleet.feed([openssl, debianRecord('CVE-2022-3715', 'bash', null)], fleet.now + DAY);
  const { stdout } = await reassess(run, '--name', 'with newer ones');
  expect(stdout).toContain(`Against ${run}: one finding is new on 2 hosts: CVE-2022-3715; none is gone.`);
  expect(await fleet.find(idOf(stdout))).toMatchObject({ name: 'with newer ones' });
  expect((await reassess(run, '--name', 'with newer ones')).stderr).toContain('has a run of the name');
});

test('--feeds of a date takes the newest of it or before, and says what there is where there is none', async () => {
  const first = new Date(fleet.now - 180_001).toISOString().slice(0, 10);
  await fleet.feed([openssl, debianRecord('CVE-2022-3715', 'bash', null)], fleet.now + 2 * DAY);
  const { stdout } = await reassess(run, '--feeds', first, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ new: [], gone: [], runArn: expect.stringContaining(':run'.slice(1)) });
  const none = await reassess(run, '--feeds', '2020-01-01');
  expect(none.status).toBe(2);
  expect(none.stderr).toMatch(
    /There are no advisories of 2020-01-01 or before\. Kept are (20\S+Z \([0-9a-f]{16}\)(, )?){2}\n/,
  );
  expect((await reassess(run, '--feeds', 'yesterday')).stderr).toContain('--feeds takes current, same, a date');
});

test('a server that runs over the same directory does the work', async () => {
  const server = await startTestServer({
    directory: fleet.directory,
    service: { advisories: fleet.advisories, evidenceDays: 10_000 },
  });
  try {
    const { status, stdout } = await reassess(run);
    expect(status).toBe(0);
    expect((await fleet.find(idOf(stdout))).state).toBe((await fleet.find(run)).state);
  } finally {
    await server.stop({ keep: true });
  }
});

describe('what was not evaluated is not told as zero, nor what it leaves out as gone', () => {
  const startAgain = async () => {
    for (const { id } of hosts) await fleet.store.agents.touch(fleet.scope, id, 'IDLE', fleet.now);
    const again = await fleet.startRun({ packages: ['Common Vulnerabilities and Exposures'] });
    await fleet.collect(again);
    return again;
  };

  test('a run that was stopped before its evaluation', async () => {
    const stopped = await startAgain();
    for (const agent of hosts) await fleet.deliver(stopped, agent, debianEvidence([], agent.hostname));
    await fleet.store.transaction(async (tables) => {
      const [found] = await tables.runs.findMany(fleet.scope, [stopped]);
      if (found) await advanceRun(tables, fleet.scope, found, 'CANCEL', fleet.now);
    });
    const { status, stdout } = await reassess(stopped);
    expect(status).toBe(0);
    expect(stdout).toContain(
      `Not compared with ${stopped}. This run was stopped before evaluation: nothing was assessed.`,
    );
    expect(stdout).not.toMatch(/ new| gone/);
    expect(JSON.parse((await reassess(stopped, '--json')).stdout)).toMatchObject({ new: null, gone: null });
  });

  test('a reassessment that could evaluate nothing', async () => {
    const empty = await startAgain();
    for (const agent of hosts) await fleet.deliver(empty, agent, {});
    fleet.now += 180_001;
    await fleet.collect(empty);
    await fleet.evaluate(empty);
    const { status, stdout } = await reassess(empty);
    expect(status).toBe(2);
    expect(stdout).toContain('COMPLETED_WITH_ERRORS  No rule could be evaluated on any host of this run');
    expect(stdout).not.toMatch(/High 0| new| gone/);
    const { stdout: json } = await reassess(empty, '--json');
    expect(JSON.parse(json)).toMatchObject({ findingCounts: null, new: null, gone: null });
  });
});

describe('what cannot be judged again is said', () => {
  test('a run whose evidence is no longer kept', async () => {
    await fleet.store.evidence.expire(Number.MAX_SAFE_INTEGER, '', 1000);
    const { status, stderr } = await reassess(run);
    expect(status).toBe(2);
    expect(stderr).toBe(`assay: The evidence of the run ${run} is no longer kept\n`);
  });

  test('a run that has not ended', async () => {
    fleet.now += 1000;
    for (const agent of hosts) await fleet.store.agents.touch(fleet.scope, agent.id, 'IDLE', fleet.now);
    const live = await fleet.startRun();
    expect((await reassess(live)).stderr).toContain('has not ended');
  });
});

test('feeds update reassesses what asks for it, and says what is new', async () => {
  const { template } = await fleet.find(run);
  await fleet.store.templates.setTags(fleet.scope, template, [{ key: 'assay:continuous', value: 'true' }]);
  const feed = join(fleet.directory, 'newer.jsonl.gz');
  writeFeed(feed, [openssl, debianRecord('CVE-2022-3715', 'bash', null)]);
  const update = () => runAssay(['feeds', 'update', '--from', feed, '--data-dir', fleet.directory]);
  const { status, stdout, stderr } = await update();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`The run ${run} is reassessed: arn:aws:inspector:eu-west-1:`);
  expect(stdout).toContain(`reassessed ${run}: one finding is new on 2 hosts: CVE-2022-3715`);
  expect((await update()).stdout).not.toContain('reassessed');
});
