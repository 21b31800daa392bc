import type { Severity } from './rules-package.ts';
import type { RunKnowledge } from './run-knowledge.ts';
import type { RunState } from './run-machine.ts';
import type { Tag } from './tag.ts';
import type { UserAttribute } from './template.ts';

/** Times in milliseconds since the epoch. */
export interface StateChange {
  readonly at: number;
  readonly state: RunState;
}

/** As the API's AssessmentRunNotification, its date in milliseconds. */
export interface RunNotification {
  readonly date: number;
  readonly event: string;
  readonly message?: string | undefined;
  readonly error: boolean;
  readonly snsTopicArn?: string | undefined;
  readonly snsPublishStatusCode?: string | undefined;
}

export interface Run {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly name: string;
  readonly state: RunState;
  /** The longest that collection may take, in seconds. */
  readonly duration: number;
  /** rules_package_sets.id. */
  readonly rulesPackages: number;
  readonly userAttributes: readonly UserAttribute[];
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly stateChangedAt: number;
  readonly dataCollected: boolean;
  readonly findingCounts: Readonly<Partial<Record<Severity, number>>>;
  readonly stateChanges: readonly StateChange[];
  readonly notifications: readonly RunNotification[];
  readonly imported: boolean;
  /** Absent until evaluation begins, except for a run over another's evidence. */
  readonly knowledge?: RunKnowledge;
  /** Absent of history, and of runs that earlier versions started. */
  readonly origin?: RunOrigin;
}

/** Who started a run, and over what. */
export interface RunOrigin {
  /** Id of the access key; `operator` for a command on the server; absent where the server started it by itself. */
  readonly accessKeyId?: string;
  /** The tags of the target's resource group at that time; absent where the target was every host. */
  readonly tags?: readonly Tag[];
}
