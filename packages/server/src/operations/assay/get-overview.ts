import { runArn } from '@assay/model/arn.ts';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { dateOf } from '../../domain/feed-reference.ts';
import type { CurrentFindings } from '../../engine/fleet/current-findings.ts';
import { type FindingGroup, groupFindings, noCounts } from '../../engine/fleet/group-findings.ts';
import { notAssessed } from '../../engine/fleet/not-assessed.ts';
import { findingGroupItem, severityCounts } from '../../engine/items/finding-group-item.ts';
import { catalogOf } from '../../engine/judging/rules-package-catalog.ts';
import { UNHEALTHY_AFTER } from '../../engine/runs/agent-health.ts';
import { feedsStatus } from '../../feeds/feeds-status.ts';
import type { Caller, Deps } from '../operation.ts';
import type { AssayOperation } from './operation.ts';

/** What is shown of each. */
const NOTABLE = 10;
const TREND = 30;
const GOING = 20;
/** Runs that are read in one statement. */
const AT_ONCE = 500;
const DAY = 86_400_000;

export const getOverview: AssayOperation<'GetOverview', 'store' | 'feeds' | 'now' | 'currentFindings'> =
  ({ store, feeds: directory, now, currentFindings }) =>
  async (_input, caller) => {
    const { scope } = caller;
    const at = now();
    const [current, hosts, enrolled] = [
      await currentFindings(scope),
      await store.agents.count(scope, at - UNHEALTHY_AFTER),
      await store.agents.enrolled(scope),
    ];
    const counts = noCounts();
    for (const { severity } of current.findings) counts[severity] += 1;
    const rules = groupFindings(current.findings, 'RULE');
    const excluded = await notAssessed(store, scope, current);
    return {
      time: at / 1000,
      hosts: enrolled.length,
      healthyHosts: hosts.healthy,
      hostsByAge: hostsByAge(enrolled, current, at),
      runsInProgress: await runsInProgress(store, caller),
      findings: severityCounts(counts),
      findingsComplete: current.complete,
      hostsWithFindings: new Set(current.findings.map(({ agent }) => agent)).size,
      hostsAssessedForVulnerabilities: await hostsWithAdvisories(store, caller, current),
      knownExploited: rules.filter(({ knownExploited }) => knownExploited > 0).length,
      highFixable: rules.filter(({ counts: { High }, fixable }) => High > 0 && fixable > 0).length,
      notable: closedPortsLast(rules, current)
        .slice(0, NOTABLE)
        .map((group) => findingGroupItem(caller, group)),
      notAssessed: excluded.map(({ run, recommendation, ...item }) => ({
        ...item,
        ...(recommendation === undefined ? {} : { recommendation }),
        assessmentRunArn: runArn(caller, run.target, run.template, run.id),
      })),
      trend: await trend(store, caller),
      feeds: feedsStatus(directory, at).feeds.map(({ name, kind, part, old, error }) => ({
        name,
        ...(kind === undefined ? {} : { kind }),
        records: part?.records ?? 0,
        ...(part ? { updatedAt: part.updatedAt / 1000, newestAt: dateOf(part) / 1000 } : {}),
        old,
        ...(error ? { error: error.message } : {}),
      })),
    };
  };

/** A host without a firewall has a hundred ports that nothing listens on: whatever else was found comes before them. */
function closedPortsLast(rules: readonly FindingGroup[], { findings }: CurrentFindings): FindingGroup[] {
  const others = new Set(findings.flatMap(({ closedPort, rule }) => (closedPort ? [] : [rule])));
  return rules.toSorted((a, b) => Number(others.has(b.name)) - Number(others.has(a.name)));
}

/** Hosts whose newest run of a package that judges by advisories had some: of the others nobody knows their vulnerabilities. */
async function hostsWithAdvisories(
  store: Deps['store'],
  caller: Caller,
  { assessed }: CurrentFindings,
): Promise<number> {
  const byAdvisories = new Set(
    catalogOf(caller.region).flatMap(({ arn, implementation }) =>
      implementation?.knowledge.some(({ kind }) => kind === 'advisories') ? [arn] : [],
    ),
  );
  const wanted = assessed.filter(({ rulesPackage }) => byAdvisories.has(rulesPackage));
  const ids = [...new Set(wanted.map(({ run }) => run))];
  const had = new Set<string>();
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    for (const { id, knowledge } of await store.runs.findMany(caller.scope, ids.slice(from, from + AT_ONCE))) {
      if (knowledge?.advisories) had.add(id);
    }
  }
  return new Set(wanted.flatMap(({ run, agent }) => (had.has(run) ? [agent] : []))).size;
}

/** By the newest assessment of each host, by whatever rules packages. */
function hostsByAge(
  enrolled: readonly string[],
  { assessed }: CurrentFindings,
  now: number,
): AssayOutput<'GetOverview'>['hostsByAge'] {
  const times = new Map<string, number>();
  for (const { agent, completedAt } of assessed) times.set(agent, Math.max(times.get(agent) ?? 0, completedAt));
  const ages = { day: 0, week: 0, month: 0, older: 0, never: 0 };
  for (const agent of enrolled) {
    const time = times.get(agent);
    if (time === undefined) ages.never += 1;
    else if (now - time <= DAY) ages.day += 1;
    else if (now - time <= 7 * DAY) ages.week += 1;
    else if (now - time <= 30 * DAY) ages.month += 1;
    else ages.older += 1;
  }
  return ages;
}

async function runsInProgress(
  store: Deps['store'],
  caller: Caller,
): Promise<AssayOutput<'GetOverview'>['runsInProgress']> {
  const { scope } = caller;
  const ids = await store.runs.going(scope, GOING);
  const runs = await store.runs.findMany(scope, ids);
  return Promise.all(
    runs.map(async ({ id, target, template, name, state, startedAt, duration }) => {
      const hosts = await store.runAgents.ofRun(scope, id);
      return {
        assessmentRunArn: runArn(caller, target, template, id),
        ...{ name, state, durationInSeconds: duration },
        ...(startedAt === null ? {} : { startedAt: startedAt / 1000 }),
        hosts: hosts.length,
        delivered: hosts.filter(({ status }) => status === 'DELIVERED').length,
      };
    }),
  );
}

/** The runs that ended last, from the oldest of them on. */
async function trend(store: Deps['store'], caller: Caller): Promise<AssayOutput<'GetOverview'>['trend']> {
  const { scope } = caller;
  const ended = await store.runs.list(scope, { states: ['COMPLETED', 'COMPLETED_WITH_ERRORS'] }, undefined, TREND);
  const runs = await store.runs.findMany(
    scope,
    ended.map(({ id }) => id),
  );
  return runs
    .flatMap(({ id, target, template, name, state, completedAt, findingCounts }) =>
      completedAt === null
        ? []
        : [
            {
              assessmentRunArn: runArn(caller, target, template, id),
              ...{ name, state, completedAt: completedAt / 1000 },
              counts: severityCounts(findingCounts),
            },
          ],
    )
    .sort((a, b) => a.completedAt - b.completedAt);
}
