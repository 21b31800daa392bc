import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { targetArn } from '@assay/model/arn.ts';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import type { Finding } from '../../packages/server/src/domain/finding.ts';
import { newAgentId, newResourceId } from '../../packages/server/src/domain/ids.ts';
import type { Run } from '../../packages/server/src/domain/run.ts';
import { checkDocument } from '../../packages/server/src/engine/agents/check-document.ts';
import { confirmDelivery } from '../../packages/server/src/engine/agents/confirm-delivery.ts';
import { receiveEvidence } from '../../packages/server/src/engine/agents/receive-evidence.ts';
import { collect } from '../../packages/server/src/engine/jobs/collect.ts';
import { evaluate } from '../../packages/server/src/engine/jobs/evaluate.ts';
import type { JobOutcome } from '../../packages/server/src/engine/jobs/job.ts';
import { createWakeups } from '../../packages/server/src/engine/jobs/wakeups.ts';
import { type AdvisorySource, noAdvisories } from '../../packages/server/src/engine/judging/advisory-source.ts';
import { type Judge, judgeHere } from '../../packages/server/src/engine/judging/judge-order.ts';
import { probesSource } from '../../packages/server/src/engine/judging/probes-source.ts';
import { evidenceNeededBy } from '../../packages/server/src/engine/judging/rules-package-catalog.ts';
import { createAssessmentTemplate } from '../../packages/server/src/operations/inspector/create-assessment-template.ts';
import { startAssessmentRun } from '../../packages/server/src/operations/inspector/start-assessment-run.ts';
import { defaultLimits } from '../../packages/server/src/operations/operation.ts';
import { type PackageName, rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { openDataDirectory } from '../../packages/server/src/runtime/data-directory.ts';
import { openStore, type Store } from '../../packages/server/src/store/store.ts';
import type { ExclusionRecord } from '../../packages/server/src/store/tables/exclusions.ts';
import { databaseOf, newDataDirectory, removeStore, storeIn } from './test-store.ts';

const region = 'eu-west-1';
const account = '123456789012';

/** A store in a directory of its own with hosts in it, and the engine's work on it by hand. The clock stands still. */
export interface TestFleet {
  readonly store: Store;
  readonly directory: string;
  readonly scope: number;
  /** The time of everything that is done: milliseconds since the epoch. */
  now: number;
  /** What the clock showed so long ago: a test that sets the clock forward replaces it. */
  ago: (milliseconds: number) => number;
  /** What runs are judged by; none unless set. */
  advisories: AdvisorySource;
  /** What hosts are judged by; in this thread unless set. */
  judge: Judge;
  readonly addHosts: (count: number) => Promise<Agent[]>;
  /** Starts a run over every host; its id. */
  readonly startRun: (options?: { packages?: readonly PackageName[]; duration?: number }) => Promise<string>;
  /** Sends every kind that is asked for, those without evidence as not there, and confirms. */
  /** Documents that a host sends, without saying that they are all. */
  readonly send: (run: string, agent: Agent, evidence: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly deliver: (run: string, agent: Agent, evidence: HostEvidence) => Promise<void>;
  readonly collect: (run: string) => Promise<JobOutcome>;
  readonly evaluate: (run: string, stop?: AbortSignal) => Promise<JobOutcome>;
  readonly find: (run: string) => Promise<Run>;
  readonly exclusions: (run: string) => Promise<ExclusionRecord[]>;
  /** Once the run has ended. */
  readonly findings: (run: string) => Promise<Finding[]>;
  /** Hosts whose instructions woke them. */
  readonly woken: string[];
  /** Closes the store; the directory stays when `keep` is set. */
  readonly close: (options?: { keep: boolean }) => Promise<void>;
}

/** A fleet of its own, or over what another one left in its directory. */
export async function openTestFleet(left?: string): Promise<TestFleet> {
  const directory = left ?? newDataDirectory();
  // Commands on the directory find its key, as a server would have left it.
  openDataDirectory(directory, await databaseOf(directory));
  const store = await openStore(await storeIn(directory));
  const scope = await store.scopes.idOf({ account, region });
  const caller = { scope, account, region };
  const woken: string[] = [];
  const now = (): number => fleet.now;
  const ago = (milliseconds: number): number => now() - milliseconds;
  const target = {
    id: newResourceId(randomBytes),
    name: 'every host',
    resourceGroup: null,
    createdAt: 1,
    updatedAt: 1,
  };
  if (left === undefined) await store.targets.insert(scope, target);
  let templates = 0;
  const agentWakeups = { ...createWakeups(), wake: async (keys: readonly string[]) => void woken.push(...keys) };
  const collecting = collect({
    transaction: store.transaction,
    now,
    ago: (milliseconds) => fleet.ago(milliseconds),
    agentWakeups,
  });
  const advisories: AdvisorySource = {
    current: () => fleet.advisories.current(),
    named: (name) => fleet.advisories.named(name),
  };
  const evaluating = evaluate({
    ...{
      store,
      now,
      ago: (milliseconds) => fleet.ago(milliseconds),
      random: randomBytes,
      knowledge: { advisories, probes: probesSource(store.settings) },
    },
    judge: (order, snapshots) => fleet.judge(order, snapshots),
  });

  const fleet: TestFleet = {
    store,
    directory,
    scope,
    now: 1_700_000_000_000,
    ago,
    advisories: noAdvisories,
    judge: judgeHere,
    woken,
    addHosts: async (count) => {
      const agents = Array.from({ length: count }, (_, index) => newAgent(index, now()));
      await store.transaction(async (tables) => {
        for (const agent of agents) await tables.agents.insert(scope, agent);
      });
      return agents.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    startRun: async ({ packages = ['Security Best Practices'] as const, duration = 3600 } = {}) => {
      const arns = rulesPackageArns(region);
      const create = createAssessmentTemplate({ store, creationTime: now, random: randomBytes, limits: defaultLimits });
      const { assessmentTemplateArn } = await create(
        {
          assessmentTargetArn: targetArn(caller, target.id),
          assessmentTemplateName: `template ${++templates}`,
          durationInSeconds: duration,
          rulesPackageArns: packages.map((name) => arns.get(name) ?? ''),
          userAttributesForFindings: [{ key: 'team', value: 'blue' }],
        },
        caller,
      );
      const start = startAssessmentRun({
        store,
        now,
        creationTime: now,
        random: randomBytes,
        limits: defaultLimits,
        wakeJobs: () => undefined,
      });
      const { assessmentRunArn } = await start({ assessmentTemplateArn }, caller);
      return assessmentRunArn.slice(-10);
    },
    send: async (run, agent, evidence) => {
      const receive = receiveEvidence({
        store,
        commit: store.transaction,
        check: (_, ...given) => checkDocument(...given),
        now,
      });
      for (const [kind, document] of Object.entries(evidence)) {
        await receive({ ...agent, scope }, run, kind, gzipSync(JSON.stringify(document)));
      }
    },
    deliver: async (run, agent, evidence) => {
      const found = await fleet.find(run);
      const arns = (await store.rulesPackageSets.arnsOf([found.rulesPackages])).get(found.rulesPackages) ?? [];
      for (const kind of evidenceNeededBy(region, arns)) {
        const limitations = [{ code: 'NOT_PRESENT', subject: kind }];
        const nothing = { kind, schemaVersion: 1, collectedAt: 1, sources: [], limitations };
        await fleet.send(run, agent, { [kind]: evidence[kind] ?? nothing });
      }
      await confirmDelivery({ store, commit: store.transaction, now, ago, wakeJobs: () => undefined })(
        { ...agent, scope },
        run,
      );
    },
    collect: (run) => collecting.run({ scope, subject: run }, new AbortController().signal),
    evaluate: (run, stop = new AbortController().signal) => evaluating.run({ scope, subject: run }, stop),
    find: async (run) => {
      const [found] = await store.runs.findMany(scope, [run]);
      if (!found) throw new Error(`There is no run ${run}`);
      return found;
    },
    exclusions: async (run) => {
      const listed = await store.exclusions.list(scope, run, undefined, 1000);
      return store.exclusions.findMany(
        scope,
        listed.map((each) => each.id),
      );
    },
    findings: async (run) => {
      const listed = await store.findings.list(scope, { runs: [run] }, undefined, 1000);
      return store.findings.findMany(
        scope,
        listed.map((each) => each.id),
      );
    },
    close: async ({ keep } = { keep: false }) => {
      await store.close();
      if (!keep) await removeStore(directory);
    },
  };
  return fleet;
}

function newAgent(index: number, now: number): Agent {
  return {
    id: newAgentId(randomBytes),
    publicKey: generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }),
    hostname: `host-${index}`,
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    kernelVersion: null,
    agentVersion: '0.1.0',
    ipv4Address: null,
    privileged: true,
    tags: [],
    status: 'IDLE',
    enrolledAt: now + index,
    seenAt: now,
  };
}
