import { createHash } from 'node:crypto';
import { DatabaseError } from 'pg';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import { NewerStoreError } from '../migrate.ts';
import { isUnavailable } from '../unavailable.ts';
import { encodeRows, type Unstorable } from './encode-rows.ts';
import { MoveError } from './move-error.ts';
import { openTarget, type Target } from './postgres-target.ts';
import { openSource, type Source } from './sqlite-source.ts';
import { requireSameShape, type TableShape } from './table-shape.ts';
import { collectUnstorable } from './unstorable-rows.ts';

export interface MoveProgress {
  readonly step: 'reading' | 'copying' | 'indexing' | 'comparing';
  readonly table: string;
  /** Rows that are done, of all tables and steps, and how many there will be. */
  readonly done: number;
  readonly total: number;
}

export interface MoveDeps {
  readonly onProgress: (progress: MoveProgress) => void;
  readonly signal: AbortSignal;
}

/** What tells a table with its rows from any other. */
export interface TableProof {
  readonly rows: number;
  /** Hex SHA-256 of all columns of all rows, in the order of the primary key: see encode-rows.ts. */
  readonly digest: string;
}

export interface MovedTable {
  readonly table: string;
  readonly source: TableProof;
  readonly target: TableProof;
  readonly same: boolean;
}

/**
 * Moves the store of a file into an empty PostgreSQL database, and compares the two. Where every table is the same, the
 * database is a store that servers open; where one is not, it is one that they refuse. The file is brought to this
 * version and stays as it is. Throws, as {@link MoveError} where the user can do something about it, whenever it did not
 * come to comparing all; the database is empty then, or, where it could not be had any more, refused by servers.
 */
export async function moveStore(file: string, url: string, deps: MoveDeps): Promise<MovedTable[]> {
  const source = await openSource(file).catch(naming('The file'));
  try {
    const target = await openTarget(url).catch(naming('The database'));
    const interrupt = (): void => void target.interrupt().catch(() => undefined);
    deps.signal.addEventListener('abort', interrupt);
    try {
      requireSameShape(source.tables, target.tables);
      await target.begin();
      return await move(source, target, deps).catch(async (error: unknown) => {
        // Where it fails, the next move does it.
        await target.undo().catch(() => undefined);
        throw error;
      });
    } finally {
      deps.signal.removeEventListener('abort', interrupt);
      await target.close();
    }
  } finally {
    await source.close();
  }
}

const naming =
  (which: string) =>
  (error: unknown): never => {
    throw error instanceof NewerStoreError ? new MoveError(`${which}: ${error.message}`) : error;
  };

async function move(source: Source, target: Target, deps: MoveDeps): Promise<MovedTable[]> {
  const total = 3 * target.tables.reduce((sum, table) => sum + source.count(table), 0);
  let done = 0;
  const tell = (step: MoveProgress['step'], table: string): void => deps.onProgress({ step, table, done, total });
  const count =
    (step: MoveProgress['step']): Count =>
    ({ name }) => {
      done++;
      tell(step, name);
    };
  const proofs = await readAll(source, target.tables, count('reading'), deps);
  await copyAll(source, target, count('copying'), (table) => tell('indexing', table), deps);
  const moved = await compareAll(target, proofs, count('comparing'));
  deps.signal.throwIfAborted();
  if (moved.every(({ same }) => same)) await target.finish();
  return moved;
}

/** Counts a row of a table. */
type Count = (table: TableShape) => void;

async function readAll(
  source: Source,
  tables: readonly TableShape[],
  onRow: Count,
  { signal }: MoveDeps,
): Promise<Map<TableShape, TableProof>> {
  const proofs = new Map<TableShape, TableProof>();
  const unstorable = collectUnstorable(source);
  for (const table of tables) {
    const hash = createHash('sha256');
    let rows = 0;
    const count = (): void => {
      rows++;
      onRow(table);
    };
    const found = (what: Unstorable): void => unstorable.add(table, what);
    for (const piece of encodeRows(source.rows(table), table.columns, count, found)) {
      hash.update(piece);
      await yieldToEventLoop();
      signal.throwIfAborted();
    }
    proofs.set(table, { rows, digest: hash.digest('hex') });
  }
  unstorable.throwIfAny();
  return proofs;
}

async function copyAll(
  source: Source,
  target: Target,
  onRow: Count,
  onIndex: (table: string) => void,
  { signal }: MoveDeps,
): Promise<void> {
  async function* pieces(table: TableShape) {
    const count = (): void => onRow(table);
    for (const piece of encodeRows(source.rows(table), table.columns, count, () => undefined)) {
      signal.throwIfAborted();
      yield piece;
    }
  }
  await target.copying(async ({ copy, countFrom }) => {
    for (const table of target.tables) {
      await copy(table, pieces(table)).catch(explained(table));
      const { counted } = table;
      if (counted !== undefined) await countFrom(table, counted, source.lastCounted(table, counted));
    }
  }, onIndex);
}

/** What the database has against the rows, such as a rule of its owner; one that went away is no matter of theirs. */
const explained =
  ({ name }: TableShape) =>
  (error: unknown): never => {
    if (error instanceof DatabaseError && !isUnavailable(error)) {
      throw new MoveError(`The database refuses rows of ${name}, and nothing was moved: ${error.message}.`);
    }
    throw error;
  };

async function compareAll(
  target: Target,
  proofs: ReadonlyMap<TableShape, TableProof>,
  onRow: Count,
): Promise<MovedTable[]> {
  const moved: MovedTable[] = [];
  for (const [table, proof] of proofs) {
    const hash = createHash('sha256');
    const rows = await target.read(table, (chunk) => {
      hash.update(chunk);
      onRow(table);
    });
    const digest = hash.digest('hex');
    const same = rows === proof.rows && digest === proof.digest;
    moved.push({ table: table.name, source: proof, target: { rows, digest }, same });
  }
  return moved;
}
