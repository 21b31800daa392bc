import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { VERSION } from '../domain/version.ts';
import { createCurrentFindings } from '../engine/fleet/current-findings.ts';
import { createGapCounts } from '../engine/judging/gap-counts.ts';
import type { KnowledgeSources } from '../engine/judging/knowledge-source.ts';
import { type FindOpenGaps, openGapsHere } from '../engine/judging/open-gaps-of.ts';
import type { Ago } from '../engine/runs/agent-health.ts';
import { feedsDirectory } from '../feeds/feeds-directory.ts';
import { type Deps, defaultLimits, type FeedsUpdater, type Limits } from '../operations/operation.ts';
import { createPageTokens } from '../operations/page-tokens.ts';
import { createReportLinks } from '../operations/report-links.ts';
import { createSecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import { auditDirectory } from './audit/file-names.ts';
import { readEvents } from './audit/read-events.ts';
import { increasing } from './clock.ts';
import type { DataDirectory } from './data-directory.ts';

interface Given {
  readonly store: Store;
  readonly directory: DataDirectory;
  readonly knowledge: KnowledgeSources;
  readonly feedsUpdater: FeedsUpdater;
  /** Absent in a command: it speaks to no agent. */
  readonly progress?: Deps['progress'];
  readonly limits?: Partial<Limits>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly ago: Ago;
  /** Milliseconds since the epoch; undefined in a command. */
  readonly startedAt: number | undefined;
  readonly wakeJobs: () => void;
  /** Where what gaps of the feeds leave open is looked for: in this thread unless it is given. */
  readonly findOpenGaps?: FindOpenGaps;
  readonly pause: Deps['pause'];
}

/** What operations use, over an open store: the same in a server and in a command that works without one. */
export function operationDeps({
  store,
  directory,
  knowledge,
  feedsUpdater,
  progress = { of: () => undefined },
  limits,
  now,
  ago,
  startedAt,
  wakeJobs,
  pause,
  findOpenGaps = openGapsHere,
}: Given): Deps {
  const keyFor = (purpose: string) => new Uint8Array(hkdfSync('sha256', directory.masterKey, '', purpose, 32));
  return {
    store,
    tokens: createPageTokens(keyFor('page tokens')),
    limits: { ...defaultLimits, ...limits },
    now,
    ago,
    creationTime: increasing(now),
    random: randomBytes,
    newToken: randomUUID,
    reportLinks: createReportLinks(keyFor('report links')),
    secrets: createSecretBox(directory.masterKey, randomBytes),
    feeds: feedsDirectory(directory.path),
    knowledge,
    countGaps: createGapCounts({ store, knowledge, find: findOpenGaps, now }),
    currentFindings: createCurrentFindings(store, now),
    feedsUpdater,
    progress,
    trail: readEvents(auditDirectory(directory.path)),
    facts: { version: VERSION, store: 'url' in directory.store ? 'PostgreSQL' : 'SQLite', startedAt },
    pause,
    wakeJobs,
  };
}
