import type { SnsEndpoint } from '../delivery/amazon-sns.ts';
import type { MailServer } from '../delivery/mail.ts';
import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import type { ContentSource } from '../engine/judging/content-source.ts';
import type { Limits } from '../operations/operation.ts';
import type { AllowedHosts } from '../wire/host-names.ts';
import type { HttpLimits } from '../wire/http-server.ts';
import type { RateLimits } from '../wire/rate-limit.ts';
import type { Clock } from './clock.ts';
import type { DataDirectory } from './data-directory.ts';

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
  /** What hosts can download as their agent; the build's unless given. */
  readonly agentFiles?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly http?: Partial<HttpLimits>;
  /** Any, unless it is given. */
  readonly hosts?: AllowedHosts;
  /** What receivers of events reach the server by; where it listens unless given. */
  readonly publicUrl?: string;
  /** Where topics that are mapped to no address are published; nowhere unless given. */
  readonly sns?: SnsEndpoint;
  /** The server that mail is given to. */
  readonly mailServer?: MailServer;
  /** How long a stop waits for requests, and then for everything else, in milliseconds. */
  readonly grace?: number;
  readonly advisories?: AdvisorySource;
  readonly content?: ContentSource;
  /** What starts Assay's command line, for work in a process of its own. */
  readonly program?: readonly string[];
  /** Feeds are updated daily, the first time so many milliseconds after the first host; never where it is absent. */
  readonly feedUpdates?: { readonly firstAfter: number };
  /** A folder, file or URL that updates read in place of the configured feeds. */
  readonly feedsFrom?: string;
  /** Days that documents and verdicts of past runs are kept. */
  readonly evidenceDays?: number;
  /** Takes a line for whoever runs the server. */
  readonly log?: (line: string) => void;
  readonly report: (message: string, error?: unknown) => void;
  /** The time of all that the server does; the system's unless given. */
  readonly clock?: Clock;
}

/** As long as most who audit look back to raw evidence; findings are kept indefinitely. */
export const EVIDENCE_DAYS = 30;

/** What CloudTrail's event history keeps. */
export const AUDIT_DAYS = 90;
