import type { Input, OperationName, Output } from '@assay/model/api/operations.ts';
import type { RandomBytes } from '../domain/ids.ts';
import type { RunProgress } from '../engine/agents/run-progress.ts';
import type { ReadCurrentFindings } from '../engine/fleet/current-findings.ts';
import type { CountGaps } from '../engine/judging/gap-counts.ts';
import type { KnowledgeSources } from '../engine/judging/knowledge-source.ts';
import type { Ago } from '../engine/runs/agent-health.ts';
import type { FeedsDirectory } from '../feeds/feeds-directory.ts';
import type { SecretBox } from '../store/database/secret-box.ts';
import type { Store } from '../store/store.ts';
import type { PageTokens } from './page-tokens.ts';
import type { ReportLinks } from './report-links.ts';
import type { ReadTrail } from './trail.ts';

/** Who calls, and what was understood of the call: every query of an operation is scoped by this. */
export interface Caller {
  /** scopes.id of the account and region; of a read, NO_SCOPE where nothing was ever written there. */
  readonly scope: number;
  readonly account: string;
  readonly region: string;
  /** A command on the server's own store: it may work on the access keys of every account. */
  readonly operator?: true;
  /** Scheme, host and port that the client reached the server by; absent where there is no client. */
  readonly endpoint?: string | undefined;
  /** The access key that signed the call; absent where there is no client. */
  readonly accessKeyId?: string;
  /** The filter asks for a value that nothing can have: a list has no items for it. */
  readonly matchesNothing?: boolean;
}

/** Limits per account and region. */
export interface Limits {
  readonly targets: number;
  readonly templates: number;
  /** Runs that were started here; imported history does not count. */
  readonly runs: number;
  /** Hosts in runs that have not ended. */
  readonly hostsInRuns: number;
  /** Pairs of topic and event, per template. */
  readonly eventSubscriptions: number;
  /** Milliseconds that a host may be silent before it leaves its targets. */
  readonly forgetHostsAfter?: number;
}

/** The original's limits. Source: the user guide's service limits. */
export const defaultLimits: Limits = {
  targets: 50,
  templates: 500,
  runs: 50_000,
  hostsInRuns: 500,
  eventSubscriptions: 50,
};

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string;
  readonly store: 'SQLite' | 'PostgreSQL';
  /** Milliseconds since the epoch; undefined where no server runs and a command does its work. */
  readonly startedAt: number | undefined;
}

/** Updates the advisories, one update at a time. */
export interface FeedsUpdater {
  readonly running: () => boolean;
  readonly start: () => 'STARTED' | 'RUNNING' | 'UNAVAILABLE';
}

/** All that operations may use; each asks for what it uses. */
export interface Deps {
  readonly store: Store;
  readonly tokens: PageTokens;
  readonly limits: Limits;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly ago: Ago;
  /** The time of a new resource: now, and later than every one before it, so that newest first is the order of creation. */
  readonly creationTime: () => number;
  readonly random: RandomBytes;
  /** A random UUID. */
  readonly newToken: () => string;
  readonly reportLinks: ReportLinks;
  /** Resolves with true after so many milliseconds, with false at once where the server stops. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
  /** What access keys' secrets are sealed with. */
  readonly secrets: SecretBox;
  /** Where the advisories are. */
  readonly feeds: FeedsDirectory;
  /** What runs are judged by. */
  readonly knowledge: KnowledgeSources;
  /** On how many hosts the gaps of the feeds leave a package open. */
  readonly countGaps: CountGaps;
  /** What was found on the fleet as it stands. */
  readonly currentFindings: ReadCurrentFindings;
  readonly facts: ServerFacts;
  readonly trail: ReadTrail;
  readonly feedsUpdater: FeedsUpdater;
  /** How far hosts are in what they collect. */
  readonly progress: Pick<RunProgress, 'of'>;
  /** Asks the job loop to look. */
  readonly wakeJobs: () => void;
}

/** An operation over what it uses; its input has its shape and keeps every constraint of the model. */
export type Operation<O extends OperationName, D extends keyof Deps> = (
  deps: Pick<Deps, D>,
) => (input: Input<O>, caller: Caller) => Promise<Output<O>>;
