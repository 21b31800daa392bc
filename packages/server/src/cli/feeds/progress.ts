import type { FeedProgress } from '../../feeds/take-feed.ts';
import { eraseLine } from '../terminal/guarded-output.ts';

/** How often the line is rewritten, in milliseconds. */
const EVERY = 100;
const BAR = 24;
const MIB = 1024 * 1024;

/**
 * A line that shows what is asked, fetched, read or built, on a terminal; elsewhere nothing, or a line for each step
 * where `plain` says so.
 */
export function feedProgress(
  stream: NodeJS.WriteStream,
  { plain = false }: { readonly plain?: boolean } = {},
): {
  readonly show: (progress: FeedProgress) => void;
  readonly clear: () => void;
} {
  let last = 0;
  let phase = '';
  return {
    show: (progress) => {
      const key = `${progress.feed} ${progress.phase}`;
      if (!stream.isTTY && plain && key !== phase && progress.phase !== 'fetch') stream.write(`${line(progress)}\n`);
      if (!stream.isTTY) phase = key;
      if (!stream.isTTY || (key === phase && Date.now() - last < EVERY)) return;
      [last, phase] = [Date.now(), key];
      stream.write(`${eraseLine(stream)}${line(progress).slice(0, (stream.columns || 80) - 1)}`);
    },
    clear: () => {
      if (stream.isTTY) stream.write(eraseLine(stream));
    },
  };
}

function line({ feed, phase, done, total, address }: FeedProgress): string {
  if (phase === 'index') return `  making the index  ${String(Math.floor(done * 100)).padStart(3)} %`;
  const name = feed.padEnd(12);
  if (phase === 'ask') return `  ${name}  asking ${hostOf(address)} …`;
  if (phase === 'read') return `  ${name}  reading  ${done.toLocaleString('en')} records`;
  const size = (bytes: number): string => (bytes / MIB).toFixed(1);
  if (total === undefined || total === 0) return `  ${name}  fetching  ${size(done)} MiB`;
  const full = Math.min(BAR, Math.round((done / total) * BAR));
  return `  ${name}  fetching  ${'█'.repeat(full)}${'░'.repeat(BAR - full)}  ${size(done)} of ${size(total)} MiB`;
}

const hostOf = (address = ''): string => (URL.canParse(address) ? new URL(address).host : address);
