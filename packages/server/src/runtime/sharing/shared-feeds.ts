import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { type FeedsDirectory, parseCurrent, readIfThere, replaceFile } from '../../feeds/feeds-directory.ts';
import { serveShared } from '../../feeds/make-current.ts';
import { mergeDefinitions } from '../../feeds/merge-definitions.ts';
import { changeFeeds } from '../feeds-lock.ts';
import { identityOf } from './identity-of.ts';
import { mergeFeedsInThread } from './merge-feeds-thread.ts';
import type { KnowledgeState, SharedKind } from './shared-kind.ts';

const CURRENT = 'current.json';
const DEFINITIONS = 'feeds.json';

/** The advisories of a data directory: what is served of each feed, the index, and which feeds were chosen. */
export const sharedFeeds = (directory: FeedsDirectory): SharedKind => ({
  kind: 'advisories',
  directory: directory.path,
  isFile: (path) => /^(?:index|parts)\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,250}$/.test(path),
  state: () => {
    const [current, definitions] = [readIfThere(directory.current), readIfThere(directory.definitions)];
    if (current === undefined && definitions === undefined) return undefined;
    const texts = {
      ...(current === undefined ? {} : { [CURRENT]: current }),
      ...(definitions === undefined ? {} : { [DEFINITIONS]: definitions }),
    };
    return { identity: identityOf(texts), texts, files: current === undefined ? [] : filesOf(directory, current) };
  },
  changing: (work) => changeFeeds(directory, work),
  adopt: (texts) => {
    const { [CURRENT]: current, [DEFINITIONS]: definitions } = texts;
    if (definitions === undefined) rmSync(directory.definitions, { force: true });
    else replaceFile(directory.definitions, definitions);
    if (current === undefined) rmSync(directory.current, { force: true });
    else serveShared(directory, current);
  },
  merge: async (texts: KnowledgeState['texts']) => {
    mergeDefinitions(directory, texts[DEFINITIONS]);
    if (texts[CURRENT] !== undefined) await mergeFeedsInThread(directory, texts[CURRENT]);
  },
});

function filesOf(directory: FeedsDirectory, text: string): readonly string[] {
  const { index, feeds } = parseCurrent(directory, text);
  const parts = feeds.flatMap(({ part }) => (part ? [part.file, ...(part.ledger ? [part.ledger.file] : [])] : []));
  return [
    ...(index === undefined ? [] : [`${basename(directory.index)}/${index}`]),
    ...new Set(parts.map((file) => `${basename(directory.parts)}/${file}`)),
  ];
}
