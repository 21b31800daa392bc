import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { collect } from '../engine/jobs/collect.ts';
import { evaluate } from '../engine/jobs/evaluate.ts';
import { expire } from '../engine/jobs/expire.ts';
import { follow } from '../engine/jobs/follow.ts';
import { JOBS, type JobLoopDeps, runJobLoop } from '../engine/jobs/job-loop.ts';
import { preview } from '../engine/jobs/preview.ts';
import { report as makeReports } from '../engine/jobs/report.ts';
import { keepListsSealed } from '../engine/jobs/seal-lists.ts';
import { createWakeups } from '../engine/jobs/wakeups.ts';
import { type AdvisorySource, noAdvisories } from '../engine/judging/advisory-source.ts';
import { createElsewhere } from '../engine/judging/elsewhere.ts';
import { assay } from '../operations/assay/assay.ts';
import { createHandler, type Handler } from '../operations/handler.ts';
import { inspector } from '../operations/inspector/inspector.ts';
import type { Limits } from '../operations/operation.ts';
import type { SecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import { isUnavailable } from '../store/unavailable.ts';
import { createAuditTrail } from '../wire/audit-trail.ts';
import { createAuthenticator } from '../wire/authenticator.ts';
import type { AllowedHosts } from '../wire/host-names.ts';
import { destroyConnections, type HttpLimits } from '../wire/http-server.ts';
import { createMetrics } from '../wire/metrics.ts';
import { createRateLimiter, type RateLimits, unlimited } from '../wire/rate-limit.ts';
import { createServer } from '../wire/server.ts';
import { agentDirectory } from './agent-directory.ts';
import { type AgentsSide, createAgentsSide } from './agents-side.ts';
import { openAuditFile } from './audit/audit-file.ts';
import { auditDirectory } from './audit/file-names.ts';
import { checkMasterKey } from './check-master-key.ts';
import { consoleDirectories } from './console-directories.ts';
import type { DataDirectory } from './data-directory.ts';
import { keepLogShort } from './keep-log-short.ts';
import { knowledgeSources } from './knowledge-sources.ts';
import { openStoreOf } from './open-store.ts';
import { operationDeps } from './operation-deps.ts';
import { removeReportFiles } from './reports/remove-report-files.ts';
import { makeReportInThread } from './reports/report-thread.ts';
import { createEvidenceThread } from './threads/evidence-thread.ts';
import { createJudgeThread } from './threads/judge-thread.ts';

export interface ServiceOptions {
  readonly directory: DataDirectory;
  readonly limits?: Partial<Limits>;
  readonly strict?: boolean;
  /** Of each access key; none unless given. */
  readonly rateLimits?: RateLimits;
  /** Days that the audit trail is kept. */
  readonly auditDays?: number;
  /** Take the source of a request from X-Forwarded-For. */
  readonly trustProxy?: boolean;
  /** What hosts can download as their agent; {@link agentDirectory} unless given. */
  readonly agentFiles?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly http?: Partial<HttpLimits>;
  /** Any, unless it is given. */
  readonly hosts?: AllowedHosts;
  /** How long a stop waits for requests, and then for everything else, in milliseconds. */
  readonly grace?: number;
  readonly advisories?: AdvisorySource;
  /** Check evidence and judge hosts in the thread that answers requests: for one host that is sooner done. */
  readonly oneThread?: boolean;
  /** Days that documents and verdicts of past runs are kept. */
  readonly evidenceDays?: number;
  /** Takes a line for whoever runs the server. */
  readonly log?: (line: string) => void;
  readonly report: (message: string, error?: unknown) => void;
  /** The time of all that the server does; the system's unless given. */
  readonly clock?: Clock;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const systemClock: Clock = {
  now: Date.now,
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  },
};

/** As long as most who audit look back to raw evidence; findings stay for good. */
export const EVIDENCE_DAYS = 30;

/** How often a server says again that it works on the store, should the database have forgotten: milliseconds. */
const PRESENCE = 2000;
/** How often is looked for tables that have grown so much that they are counted again: milliseconds. */
const COUNTED = 3000;

/** Twice this is less than the ten seconds after which Docker kills. */
const GRACE = 4000;

/** What CloudTrail's event history keeps. */
export const AUDIT_DAYS = 90;

/** All of Assay's server over one data directory: everything outside (clock, randomness, files) comes in here. */
export interface Service {
  readonly store: Store;
  readonly secrets: SecretBox;
  readonly handler: Handler;
  readonly agents: AgentsSide['channel'];
  readonly server: FastifyInstance;
  /** Begins to work through jobs. */
  readonly startJobs: () => void;
  /**
   * Stops taking requests and jobs, waits a few seconds for those at work, and closes the store. What is not done by then is
   * cut off and reported: the store has it, and the next start goes on with it.
   */
  readonly stop: () => Promise<void>;
}

export async function openService({
  directory,
  limits,
  strict = false,
  rateLimits,
  auditDays = AUDIT_DAYS,
  trustProxy = false,
  agentFiles = agentDirectory,
  tls,
  http,
  hosts = { names: [], loopbackOnly: false },
  grace = GRACE,
  advisories = noAdvisories,
  oneThread = false,
  evidenceDays = EVIDENCE_DAYS,
  log = () => undefined,
  report,
  clock: { now, sleep } = systemClock,
}: ServiceOptions): Promise<Service> {
  const store = await openStoreOf(directory);
  try {
    await checkMasterKey(store, directory);
  } catch (error) {
    await store.close();
    throw error;
  }
  const wakeups = createWakeups();
  const wakeJobs = (): void => void wakeups.wake([JOBS]);
  const stopping = new AbortController();

  const deps = operationDeps({
    store,
    directory,
    ...(limits ? { limits } : {}),
    now,
    startedAt: now(),
    pause: async (milliseconds) => {
      await sleep(milliseconds, stopping.signal);
      return !stopping.signal.aborted;
    },
    wakeJobs,
  });
  const { reportLinks, secrets } = deps;
  const handler = createHandler(inspector, deps, { strict });
  const assayHandler = createHandler(assay, deps, { strict: true });
  const checking = oneThread ? undefined : createEvidenceThread();
  const judging = oneThread ? undefined : createJudgeThread();
  const agents = createAgentsSide({ store, now, sleep, wakeJobs, report, ...(checking && { check: checking.check }) });
  const metrics = createMetrics(() => performance.now());
  const { auditLost: onLost, auditLeftOut: onLeftOut } = metrics;
  const auditFile = openAuditFile({ directory: auditDirectory(directory.path), days: auditDays, now, report, onLost });
  const server = await createServer({
    api: {
      services: [
        { model: inspector.model, handler },
        { model: assay.model, handler: assayHandler },
      ],
      authenticator: createAuthenticator({ store, secrets, now }),
      rateLimiter: rateLimits ? createRateLimiter(rateLimits, () => performance.now()) : unlimited,
      audit: createAuditTrail({ sink: auditFile, now, eventId: randomUUID, onLeftOut, soon: process.nextTick, report }),
      trustProxy,
      metrics,
      pending: store.pending,
      isUnavailable,
      report,
    },
    agents: { ...agents.channel, stopping: stopping.signal, isUnavailable, report },
    downloads: { directory: agentFiles, trustProxy, report },
    console: { directories: consoleDirectories, report },
    reports: { links: reportLinks, store, now, isUnavailable, report },
    ping: store.ping,
    requestId: randomUUID,
    ...(tls ? { tls } : {}),
    limits: http,
    hosts,
  });

  let jobs: Promise<void> = Promise.resolve();
  let [sealing, watching, keeping] = [jobs, jobs, jobs];
  const every = async (pause: number, work: () => Promise<void>): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(pause, stopping.signal);
      // While the store is away nobody else can find this server missing, and nothing is counted.
      if (!stopping.signal.aborted) await work().catch(() => undefined);
    }
  };
  return {
    store,
    secrets,
    handler,
    agents: agents.channel,
    server,
    startJobs: () => {
      const elsewhere = createElsewhere({ alone: store.alone, now });
      const loop: JobLoopDeps = {
        jobs: store.jobs,
        transaction: store.transaction,
        kinds: [
          collect({ transaction: store.transaction, now, agentWakeups: agents.wakeups }),
          evaluate({
            ...{ store, now, random: randomBytes, knowledge: knowledgeSources({ advisories }), elsewhere, log },
            ...(judging && { judge: judging.judge }),
          }),
          follow({ store, now, random: randomBytes, advisories, log }),
          expire({ store, now, days: evidenceDays }),
          preview({ store, now, isUnavailable, report, forgetHostsAfter: deps.limits.forgetHostsAfter }),
          makeReports({ store, make: makeReportInThread(directory), now }),
        ],
        wakeups,
        now,
        sleep,
        isUnavailable,
        report,
        // For people who look into the database: which server works on what.
        owner: `${hostname()}/${process.pid}/${randomUUID()}`,
      };
      jobs = store
        .takeOver()
        .then((alone) => {
          if (!alone) report('Other servers have this store open; they share its work');
        })
        .catch((error) => report('Jobs of a server that died wait for their leases to end', error))
        .then(() => removeReportFiles(join(directory.path, 'reports')))
        .catch((error) => report('Files of reports from before could not be removed', error))
        .then(async () => {
          for (const { kind, upkeep } of loop.kinds) if (upkeep) await store.jobs.ask(0, '', kind, now());
        })
        .catch((error) => report('Upkeep could not be asked for', error))
        .then(() =>
          Promise.all([
            runJobLoop(loop, stopping.signal),
            every(PRESENCE, store.stay),
            every(COUNTED, () => store.analyze('DOUBLED')),
          ]),
        )
        .then(() => undefined);
      watching = agents.watch(stopping.signal);
      keeping = keepLogShort(directory.store, { sleep, report }, stopping.signal);
      const { changed } = store.lists;
      sealing = keepListsSealed(
        { changed, transaction: store.transaction, sleep, isUnavailable, report },
        stopping.signal,
      );
    },
    stop: async () => {
      stopping.abort();
      // Those that were answered since the server began to close would stay open for as long as a client likes.
      const idle = setInterval(() => server.server.closeIdleConnections(), 50);
      const late = setTimeout(() => destroyConnections(server.server), grace);
      await server.close();
      clearInterval(idle);
      clearTimeout(late);
      const rest = async (): Promise<void> => {
        await Promise.all([jobs, sealing, watching, keeping]);
        await Promise.all([checking?.end(), judging?.end()]);
        await agents.flush().catch((error) => report('The last heartbeats could not be noted', error));
        auditFile.close();
        await store.close();
      };
      if (!(await endsWithin(rest(), grace))) {
        report('Work was still going on when the server stopped; the next start takes it up from the store');
      }
    },
  };
}

/** False where the work takes longer; it is not waited for then. */
async function endsWithin(work: Promise<void>, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const late = setTimeout(() => resolve(false), milliseconds);
  try {
    return await Promise.race([work.then(() => true), promise]);
  } finally {
    clearTimeout(late);
  }
}
