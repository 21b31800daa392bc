import { writeSync } from 'node:fs';
import { printableText } from '@assay/model/safe-text.ts';

/** Writes lines to a file descriptor, as a log. Never throws. */
export type LineWriter = (line: string) => void;

export interface LineWriterDeps {
  /** As node:fs has it: gives the number of bytes that were taken. */
  readonly write?: (fd: number, bytes: Uint8Array) => number;
  /** Blocks for a moment: a pipe whose reader is slow takes more a little later. */
  readonly wait?: () => void;
}

/** How often a full pipe is tried again: one second in all, once. */
const TRIES = 200;
const waitFiveMilliseconds = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
const isFull = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EAGAIN';

/**
 * Lines that cannot be written (the disk is full, the reader is gone) are counted, and the next one that can be written says how
 * many are missing: what goes wrong with a log must not end what it is the log of. Node's own streams would be closed for
 * good by the first fault.
 */
export function createLineWriter(
  fd: number,
  { write = writeSync, wait = waitFiveMilliseconds }: LineWriterDeps = {},
): LineWriter {
  let missing = 0;
  let why = '';
  /** The last line ended in its middle. */
  let torn = false;
  const writeAll = (text: string): void => {
    const bytes = Buffer.from(text);
    let tries = missing > 0 ? 1 : TRIES;
    for (let from = 0; from < bytes.length; ) {
      try {
        from += write(fd, bytes.subarray(from));
        torn = from < bytes.length;
      } catch (error) {
        if (!isFull(error) || --tries <= 0) throw error;
        wait();
      }
    }
  };
  return (line) => {
    const text = `${printableText(line)}\n`;
    const note = missing > 0 ? `${missing} lines before this one could not be written: ${why}\n` : '';
    try {
      writeAll(`${torn ? '\n' : ''}${note}${text}`);
      missing = 0;
    } catch (error) {
      missing++;
      why = (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };
}
