import type { Snapshot } from './knowledge-source.ts';

/** Where a server's advisories are. None of these throws: feeds that are absent or broken fail no run. */
export interface AdvisorySource {
  /** The newest generation; undefined where there is none that can be read. */
  readonly current: () => Snapshot<'advisories'> | undefined;
  /** A generation by its name; undefined when it is gone. */
  readonly named: (name: string) => Snapshot<'advisories'> | undefined;
}

/** For servers without feeds. */
export const noAdvisories: AdvisorySource = { current: () => undefined, named: () => undefined };
