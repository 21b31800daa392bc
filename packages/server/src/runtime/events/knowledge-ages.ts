import { type ContentDirectory, readContent } from '../../content/content-directory.ts';
import { benchmarkAge } from '../../domain/benchmark-age.ts';
import type { KnowledgeAges } from '../../engine/jobs/watch-conditions.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { feedsStatus } from '../../feeds/feeds-status.ts';

/** The feeds and the SCAP content of this server, and which of them are old. */
export function knowledgeAges(
  { feeds, content }: { readonly feeds: FeedsDirectory; readonly content: ContentDirectory },
  report: (message: string, error?: unknown) => void,
): readonly KnowledgeAges[] {
  const reading = (what: string, look: KnowledgeAges['look']): KnowledgeAges['look'] => {
    let failed = false;
    return (now) => {
      try {
        const seen = look(now);
        failed = false;
        return seen;
      } catch (error) {
        if (!failed) report(`The age of the ${what} cannot be told`, error);
        failed = true;
        return undefined;
      }
    };
  };
  return [
    {
      event: 'FEED_OLD',
      look: reading('feeds', (now) => {
        const all = feedsStatus(feeds, now).feeds;
        const old = all.flatMap(({ name, old: isOld, part, error }) => {
          if (!isOld || !part) return [];
          const newest = part.newestAt === undefined ? {} : { newestAt: iso(part.newestAt) };
          const why = error === undefined ? {} : { error: error.message };
          return [{ name, detail: { feed: name, updatedAt: iso(part.updatedAt), ...newest, ...why } }];
        });
        return { names: all.map(({ name }) => name), old };
      }),
    },
    {
      event: 'CONTENT_OLD',
      look: reading('SCAP content', (now) => {
        const { entries } = readContent(content);
        const old = entries.flatMap((entry) => {
          const { released, old: isOld } = benchmarkAge(entry, now);
          const { name, profiles } = entry;
          if (!isOld || released === null) return [];
          return [{ name, detail: { content: name, benchmark: profiles[0]?.benchmark ?? '', released } }];
        });
        return { names: entries.map(({ name }) => name), old };
      }),
    },
  ];
}

const iso = (time: number): string => new Date(time).toISOString();
