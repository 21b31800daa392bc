import { isDatabaseAway } from './database/postgres-errors.ts';

/** What can be expected to go wrong with a store, whoever runs it. */
export type StoreFaultKind = 'BUSY' | 'AWAY' | 'FULL' | 'READ_ONLY' | 'DISK' | 'DAMAGED' | 'NOT_A_STORE' | 'CLOSED';

export interface StoreFault {
  readonly kind: StoreFaultKind;
  /** What is wrong, as a sentence without its full stop. */
  readonly what: string;
  /** What to do about it, as a sentence. */
  readonly advice: string;
  /** The same can succeed later, without anybody changing the store. */
  readonly passes: boolean;
}

const faults: Readonly<Record<StoreFaultKind, Omit<StoreFault, 'kind'>>> = {
  BUSY: { what: 'Another process holds the store', advice: 'Try again.', passes: true },
  AWAY: { what: 'The database does not answer', advice: 'Start it again, or wait until it is back.', passes: true },
  FULL: {
    what: 'The disk is full',
    advice: 'Make room and do the same again: what was done before is kept.',
    passes: true,
  },
  READ_ONLY: {
    what: 'The store can be read but not written',
    advice: 'Look at the owner and mode of its files, and whether its disk is mounted read-only.',
    passes: true,
  },
  DISK: {
    what: 'The disk failed to read or write',
    advice: 'Look at the disk first; its system log says more.',
    passes: true,
  },
  DAMAGED: { what: 'The store is damaged', advice: 'Keep its files and restore a backup.', passes: false },
  NOT_A_STORE: {
    what: 'The file of the store is not a store of Assay',
    advice: 'Look at --data-dir; nothing was changed.',
    passes: false,
  },
  CLOSED: {
    what: 'The store cannot be opened',
    advice: 'Look at the owner and mode of its files and of their directory.',
    passes: false,
  },
};

/** SQLite's primary result codes. Source: https://www.sqlite.org/rescode.html */
const SQLITE: Readonly<Record<number, StoreFaultKind>> = {
  5: 'BUSY',
  6: 'BUSY',
  8: 'READ_ONLY',
  10: 'DISK',
  11: 'DAMAGED',
  13: 'FULL',
  14: 'CLOSED',
  26: 'NOT_A_STORE',
};
/** Of PostgreSQL and of the operating system. */
const CODES: Readonly<Record<string, StoreFaultKind>> = {
  '53100': 'FULL',
  '25006': 'READ_ONLY',
  XX001: 'DAMAGED',
  XX002: 'DAMAGED',
  '58030': 'DISK',
  ENOSPC: 'FULL',
  EDQUOT: 'FULL',
  EROFS: 'READ_ONLY',
  EIO: 'DISK',
};

/** The database at this place holds tables of another program. */
export class ForeignStoreError extends Error {}

/** Which of the faults that can be expected an error is, wherever below it is; undefined for any other. */
export function storeFault(error: unknown): StoreFault | undefined {
  const kind = kindOf(error);
  if (kind !== undefined) return { kind, ...faults[kind] };
  const { cause } = (error ?? {}) as { readonly cause?: unknown };
  return cause === undefined || cause === error ? undefined : storeFault(cause);
}

function kindOf(error: unknown): StoreFaultKind | undefined {
  if (error instanceof ForeignStoreError) return 'NOT_A_STORE';
  const { errcode, code } = (error ?? {}) as { readonly errcode?: unknown; readonly code?: unknown };
  if (typeof errcode === 'number') return SQLITE[errcode & 0xff];
  if (typeof code === 'string' && Object.hasOwn(CODES, code)) return CODES[code];
  return isDatabaseAway(error) ? 'AWAY' : undefined;
}
