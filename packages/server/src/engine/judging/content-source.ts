import type { Snapshot } from './knowledge-source.ts';

/** Where a server's SCAP content is. None of these throws: content that is absent or broken fails no run. */
export interface ContentSource {
  /** What is in force; undefined where there is none that can be read. */
  readonly current: () => Snapshot<'content'> | undefined;
  /** A generation by its name; undefined when it is gone. */
  readonly named: (name: string) => Snapshot<'content'> | undefined;
  /** The file of a data stream by its digest, compressed with gzip; undefined where it is gone. */
  readonly streamFile: (digest: string) => string | undefined;
}

/** For servers without content. */
export const noContent: ContentSource = {
  current: () => undefined,
  named: () => undefined,
  streamFile: () => undefined,
};
