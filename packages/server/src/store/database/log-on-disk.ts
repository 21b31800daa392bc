import { closeSync, fdatasync, openSync } from 'node:fs';

/** Returns when all that was written to a file is on its disk. */
export type SyncFile = (fd: number) => Promise<void>;

const syncFile: SyncFile = (fd) =>
  new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));

/**
 * Brings the log of a SQLite store (WAL) to the disk, off the thread that commits: SQLite itself would hold that thread
 * until the disk has it. What is committed while the disk is at work shares the next turn.
 */
export class LogOnDisk {
  readonly #file: string;
  readonly #fd: number;
  readonly #sync: SyncFile;
  #running: Promise<void> | undefined;
  /** Begins when what is running ends, and takes all that is committed until then. */
  #next: Promise<void> | undefined;
  #failure: Error | undefined;

  /** `file`: the log, which stays the same file for as long as anybody has the store open. */
  constructor(file: string, sync: SyncFile = syncFile) {
    this.#file = file;
    this.#fd = openSync(file, 'r');
    this.#sync = sync;
  }

  /**
   * Resolves when all that was committed before is on disk. Rejects where the disk did not take it, then and for good: a
   * system may forget what it could not write, and a second try would not find it missing.
   */
  committed(): Promise<void> {
    if (this.#next) return this.#next;
    const before = this.#running?.catch(() => undefined) ?? Promise.resolve();
    const own: Promise<void> = before.then(() => {
      this.#next = undefined;
      this.#running = own;
      return this.#bring();
    });
    this.#next = own;
    return own;
  }

  /** What was committed and is not on disk yet: settles as {@link committed} does; undefined where all of it is. */
  pending(): Promise<void> | undefined {
    return this.#next ?? this.#running;
  }

  async close(): Promise<void> {
    await this.pending()?.catch(() => undefined);
    closeSync(this.#fd);
  }

  async #bring(): Promise<void> {
    if (this.#failure) throw this.#failure;
    try {
      await this.#sync(this.#fd);
      this.#running = undefined;
    } catch (cause) {
      // Stays as what is running: what was committed since is not on disk either.
      this.#failure = new Error(
        `The disk did not take what was written to ${this.#file}: nothing more is kept until Assay is started again`,
        { cause },
      );
      throw this.#failure;
    }
  }
}
