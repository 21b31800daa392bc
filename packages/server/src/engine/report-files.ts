import type { Report } from '../store/reports.ts';

/** A file that is being read. */
export interface OpenReport {
  /** Bytes. */
  readonly size: number;
  readonly stream: AsyncIterable<Uint8Array>;
}

type ReportFile = Pick<Report, 'id' | 'format'>;

/** Where reports are kept, whole or not at all. */
export interface ReportFiles {
  readonly exists: (report: ReportFile) => Promise<boolean>;
  /** Undefined where there is none. */
  readonly open: (report: ReportFile) => Promise<OpenReport | undefined>;
  /** Those that are not there are gone already. */
  readonly remove: (reports: readonly ReportFile[]) => Promise<void>;
  /**
   * Removes all files but those of the reports that `ids` gives: what a server that was killed left behind. It is asked
   * once it is known what files there are, so that a report that is asked for meanwhile is not taken for one that is gone.
   */
  readonly sweep: (ids: () => Promise<ReadonlySet<string>>) => Promise<void>;
}
