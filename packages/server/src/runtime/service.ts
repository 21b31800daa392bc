import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { contentDirectory } from '../content/content-directory.ts';
import type { TellHostEvent } from '../engine/agents/host-event.ts';
import { createRunProgress } from '../engine/agents/run-progress.ts';
import { collect } from '../engine/jobs/collect.ts';
import { deliver } from '../engine/jobs/deliver.ts';
import { evaluate } from '../engine/jobs/evaluate.ts';
import { expire } from '../engine/jobs/expire.ts';
import { follow } from '../engine/jobs/follow.ts';
import { JOBS } from '../engine/jobs/job-loop.ts';
import { preview } from '../engine/jobs/preview.ts';
import { report as makeReports } from '../engine/jobs/report.ts';
import { startDueRuns } from '../engine/jobs/start-due-runs.ts';
import { updateFeeds } from '../engine/jobs/update-feeds.ts';
import { createWakeups } from '../engine/jobs/wakeups.ts';
import { watchConditions } from '../engine/jobs/watch-conditions.ts';
import { noAdvisories } from '../engine/judging/advisory-source.ts';
import { noContent } from '../engine/judging/content-source.ts';
import type { KnowledgeSources } from '../engine/judging/knowledge-source.ts';
import { createPeerWait } from '../engine/judging/wait-for-peer.ts';
import { assay } from '../operations/assay/assay.ts';
import { createHandler, type Handler } from '../operations/handler.ts';
import { inspector } from '../operations/inspector/inspector.ts';
import type { SecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import { isUnavailable as isStoreUnavailable } from '../store/unavailable.ts';
import { createAgentAdmission } from '../wire/agent-admission.ts';
import { createAuditTrail } from '../wire/audit-trail.ts';
import { createAuthenticator } from '../wire/authenticator.ts';
import { holdStrangers } from '../wire/hold-strangers.ts';
import { destroyConnections } from '../wire/http-server.ts';
import { createMetrics } from '../wire/metrics.ts';
import { createRateLimiter, unlimited } from '../wire/rate-limit.ts';
import { createServer } from '../wire/server.ts';
import { agentDirectory } from './agent-directory.ts';
import { type AgentsSide, createAgentsSide } from './agents-side.ts';
import { openAuditFile } from './audit/audit-file.ts';
import { consoleSignInRecord } from './audit/console-sign-in-record.ts';
import { auditDirectory } from './audit/file-names.ts';
import { hostEventRecord } from './audit/host-event-record.ts';
import { backgroundTasks } from './background-tasks.ts';
import { checkMasterKey } from './check-master-key.ts';
import { checkStoreHistory, checkStoreLog } from './check-store-history.ts';
import { endsWithin, systemClock } from './clock.ts';
import { consoleDirectories } from './console/console-directories.ts';
import { consoleSite } from './console/console-site.ts';
import { createSignInLinks, type SignInLinks } from './console/sign-in-links.ts';
import { shownDatabaseUrl } from './database-url.ts';
import { createEventSender } from './events/event-sender.ts';
import { knowledgeAges } from './events/knowledge-ages.ts';
import { listeningUrl } from './events/listening-url.ts';
import { snsIdentity } from './events/sns-identity.ts';
import { createFeedsUpdater } from './feeds-updater.ts';
import { knowledgeSources } from './knowledge-sources.ts';
import { openStoreOf } from './open-store.ts';
import { operationDeps } from './operation-deps.ts';
import { makeReportInThread } from './reports/report-thread.ts';
import { AUDIT_DAYS, EVIDENCE_DAYS, type ServiceOptions } from './service-options.ts';
import { shareKnowledge } from './sharing/share-knowledge.ts';
import { createStoreHealth } from './store-health.ts';
import { createEvidenceThread } from './threads/evidence-thread.ts';
import { createGapsThread } from './threads/gaps-thread.ts';
import { createJudgeThread } from './threads/judge-thread.ts';

/** Twice this is less than the ten seconds after which Docker kills. */
const GRACE = 4000;

/** All of Assay's server over one data directory: everything outside (clock, randomness, files) comes in here. */
export interface Service {
  readonly store: Store;
  readonly knowledge: KnowledgeSources;
  readonly secrets: SecretBox;
  readonly handler: Handler;
  readonly agents: AgentsSide['channel'];
  readonly server: FastifyInstance;
  /** Where the server listens on loopback alone. */
  readonly signInLinks: Pick<SignInLinks, 'issue'> | undefined;
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
  publicUrl,
  sns,
  mailServer,
  grace = GRACE,
  advisories = noAdvisories,
  content = noContent,
  program,
  feedUpdates,
  feedsFrom,
  evidenceDays = EVIDENCE_DAYS,
  log = () => undefined,
  report: reportOnly,
  clock: { now, ago, sleep } = systemClock,
}: ServiceOptions): Promise<Service> {
  checkStoreLog(directory.store, now(), reportOnly);
  const store = await openStoreOf(directory);
  const health = createStoreHealth({ ping: store.ping, probe: () => store.settings.put('last probe', String(now())) });
  const isUnavailable = (error: unknown): boolean => {
    health.note(error);
    return isStoreUnavailable(error);
  };
  const report = (message: string, error?: unknown): void => {
    health.note(error);
    reportOnly(message, error);
  };
  try {
    await checkMasterKey(store, directory);
    const place = 'file' in directory.store ? directory.store.file : shownDatabaseUrl(directory.store.url);
    await checkStoreHistory(store, { path: directory.path, place }, report);
  } catch (error) {
    await store.close();
    throw error;
  }
  const wakeups = createWakeups();
  const sharing = shareKnowledge({ store, directory, now, log, report });
  const knowledge = knowledgeSources({ advisories, content, store, sharing });
  const wakeJobs = (): void => void wakeups.wake([JOBS]);
  const stopping = new AbortController();

  const feedsUpdater = createFeedsUpdater({
    program,
    directory,
    report,
    ...(feedsFrom === undefined ? {} : { from: feedsFrom }),
  });
  const progress = createRunProgress(now);
  const gaps = createGapsThread();
  const deps = operationDeps({
    store,
    directory,
    knowledge,
    feedsUpdater,
    progress,
    ...(limits ? { limits } : {}),
    now,
    ago,
    startedAt: now(),
    pause: async (milliseconds) => {
      await sleep(milliseconds, stopping.signal);
      return !stopping.signal.aborted;
    },
    wakeJobs,
    findOpenGaps: gaps.find,
  });
  const { reportLinks, secrets } = deps;
  const handler = createHandler(inspector, deps, { strict });
  const assayHandler = createHandler(assay, deps, { strict: true });
  const checking = createEvidenceThread();
  const judging = createJudgeThread();
  const metrics = createMetrics(() => performance.now());
  const { auditLost: onLost, auditLeftOut: onLeftOut } = metrics;
  const auditFile = openAuditFile({ directory: auditDirectory(directory.path), days: auditDays, now, report, onLost });
  const tell: TellHostEvent = (event) => {
    store.scopes
      .get(event.scope)
      .then((scope) => auditFile.append(hostEventRecord(event, scope, now(), randomUUID())))
      .catch((error) => report(`${event.name} of ${event.agent} is not on the audit trail`, error));
  };
  const agents = createAgentsSide({
    ...{ store, content, progress, now, ago, sleep, wakeJobs, tell, report },
    catchUp: sharing && (() => sharing.catchUp('content')),
    check: checking.check,
  });
  const signInLinks = hosts.loopbackOnly
    ? createSignInLinks({
        ...{ now, random: randomBytes, ownUser: process.getuid?.() },
        onUse: async (use) => {
          const account = (await store.accessKeys.find(use.accessKeyId))?.account;
          auditFile.append(consoleSignInRecord(use, account, now(), randomUUID()));
        },
      })
    : undefined;
  const identity = snsIdentity(store.settings, secrets, now);
  const server = await createServer({
    api: {
      services: [
        { model: inspector.model, handler },
        { model: assay.model, handler: assayHandler },
      ],
      authenticator: createAuthenticator({ store, secrets, now }),
      rateLimiter: rateLimits ? createRateLimiter(rateLimits, () => performance.now()) : unlimited,
      holdStranger: holdStrangers({ monotonic: () => performance.now(), sleep, stopping: stopping.signal }),
      audit: createAuditTrail({ sink: auditFile, now, eventId: randomUUID, onLeftOut, soon: process.nextTick, report }),
      trustProxy,
      metrics,
      pending: store.pending,
      isUnavailable,
      report,
    },
    agents: {
      ...{ ...agents.channel, contentFile: content.streamFile, stopping: stopping.signal, trustProxy, sleep },
      admission: createAgentAdmission({
        monotonic: () => performance.now(),
        isEnrolled: async (id) => (await store.agents.find(id)) !== undefined,
      }),
      ...{ isUnavailable, report },
    },
    downloads: { directory: agentFiles, trustProxy, report },
    console: { ...consoleSite(consoleDirectories), redeem: signInLinks?.redeem, report },
    reports: { links: reportLinks, store, now, isUnavailable, report },
    sns: { store, now, certificate: async () => (await identity()).certificate },
    ping: health.check,
    requestId: randomUUID,
    ...(tls ? { tls } : {}),
    limits: http,
    hosts,
  });

  let background: readonly Promise<void>[] = [];
  const stop = async (): Promise<void> => {
    stopping.abort();
    feedsUpdater.stop();
    // Those that were answered since the server began to close would stay open for as long as a client likes.
    const idle = setInterval(() => server.server.closeIdleConnections(), 50);
    const late = setTimeout(() => destroyConnections(server.server), grace);
    await server.close();
    clearInterval(idle);
    clearTimeout(late);
    const rest = async (): Promise<void> => {
      await Promise.all(background);
      await Promise.all([checking.end(), judging.end(), gaps.end()]);
      await agents.flush().catch((error) => report('The last heartbeats could not be noted', error));
      auditFile.close();
      await store.close();
    };
    if (!(await endsWithin(rest(), grace))) {
      report('Work was still going on when the server stopped; the next start takes it up from the store');
    }
  };
  let stopped: Promise<void> | undefined;
  return {
    store,
    knowledge,
    secrets,
    handler,
    agents: agents.channel,
    server,
    signInLinks,
    startJobs: () => {
      const waitForPeer = createPeerWait({ alone: store.alone, now });
      const kinds = [
        collect({ transaction: store.transaction, now, ago, agentWakeups: agents.wakeups }),
        evaluate({
          ...{ store, now, ago, random: randomBytes, knowledge, waitForPeer, log },
          judge: judging.judge,
        }),
        follow({ store, now, random: randomBytes, advisories, log }),
        expire({ store, now, days: evidenceDays }),
        startDueRuns({
          ...{ store, now, creationTime: deps.creationTime, random: randomBytes, limits: deps.limits, wakeJobs, log },
        }),
        watchConditions({
          ...{ store, now, ago, wakeJobs },
          knowledge: knowledgeAges({ feeds: deps.feeds, content: contentDirectory(directory.path) }, report),
        }),
        deliver({
          ...{ store, now },
          ...createEventSender({
            ...{ secrets, now, identity, serverUrl: () => publicUrl ?? listeningUrl(server, tls) },
            ...(sns && { sns }),
            ...(mailServer && { mailServer }),
          }),
        }),
        preview({ store, now, ago, knowledge, isUnavailable, report, forgetHostsAfter: deps.limits.forgetHostsAfter }),
        makeReports({ store, make: makeReportInThread(directory), now }),
        ...(feedUpdates
          ? [updateFeeds({ store, now, random: randomBytes, ...feedUpdates, start: feedsUpdater.start, log })]
          : []),
      ];
      const { watch: watchInstructions } = agents;
      background = backgroundTasks({
        ...{ store, directory, kinds, wakeups, watchInstructions, sharing, newToken: randomUUID, now, sleep, report },
      }).map(({ run }) => run(stopping.signal));
    },
    // Whoever asks again waits for the same end: after it there is no store to write to.
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
