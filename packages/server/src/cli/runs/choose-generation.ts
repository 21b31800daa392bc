import { existsSync } from 'node:fs';
import { feedReference } from '../../domain/feed-reference.ts';
import type { KnowledgeReference } from '../../domain/run-knowledge.ts';
import { type FeedsDirectory, readCurrent } from '../../feeds/feeds-directory.ts';
import { generationsIn, type KeptGeneration } from '../../feeds/generations.ts';
import { CliError } from '../../runtime/cli-error.ts';
import type { Run } from '../../store/tables/runs.ts';

/**
 * The advisories that `--feeds` means: `current`, `same` as the run was judged by, or the newest of a date or before.
 * Throws {@link CliError}, with what there is, where there are none such.
 */
export function chooseGeneration(directory: FeedsDirectory, asked: string, run: Run): KnowledgeReference {
  const kept = existsSync(directory.index) ? generationsIn(directory) : [];
  if (kept.length === 0) throw new CliError('There are no advisories. Get them: npx assay feeds update');
  const digest = run.knowledge?.advisories?.digest;
  const before = endOf(asked);
  const served = readCurrent(directory).index;
  const found = kept.find((each) =>
    asked === 'current' ? each.name === served : asked === 'same' ? each.digest === digest : each.takenAt <= before,
  );
  if (found) {
    return { generation: found.name, digest: found.digest, feeds: found.feeds.map(feedReference) };
  }
  if (asked === 'current') throw new CliError('No advisories are served. Get them: npx assay feeds update');
  const what = asked === 'same' ? `the advisories that ${run.id} was judged by` : `advisories of ${asked} or before`;
  throw new CliError(`There are no ${what.replace(/^the /, '')}. Kept are:\n${kept.map(line).join('\n')}`);
}

const line = ({ takenAt, digest }: KeptGeneration): string =>
  `  ${new Date(takenAt).toISOString().slice(0, 19)}Z  ${digest.slice(0, 16)}`;

/** The last millisecond of a day, or a moment. Throws {@link CliError}. */
function endOf(text: string): number {
  if (text === 'current' || text === 'same') return Number.POSITIVE_INFINITY;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = Date.parse(day ? `${text}T23:59:59.999Z` : text);
  if (!/^\d{4}-/.test(text) || Number.isNaN(time)) {
    throw new CliError(
      `--feeds takes current, same, a date (2026-11-22) or a moment (2026-11-22T10:00:00Z), not ${text}.`,
    );
  }
  return time;
}
