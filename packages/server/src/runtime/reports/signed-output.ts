import { createHash } from 'node:crypto';
import type { ReportFormat } from '../../engine/reports/report-data.ts';

/** The end of a PDF that comes after the signature: `startxref`, a number and `%%EOF`. */
const END = 64;
/** Bytes that are digested at once: a PDF comes in pieces of some dozen. */
const AT_ONCE = 64 * 1024;

export interface SignedOutput {
  readonly write: (bytes: Uint8Array) => void;
  /** What the report is, less the line of its signature; its last bytes are not written before `end`. */
  readonly content: () => { readonly bytes: number; readonly sha256: string };
  /** Writes the line where it belongs, and what was left. */
  readonly end: (line: string) => void;
}

/** Passes a report on to `write`, and digests it on its way. */
export function signedOutput(format: ReportFormat, write: (bytes: Uint8Array) => void): SignedOutput {
  const hash = createHash('sha256');
  let bytes = 0;
  let held: Uint8Array[] = [];
  let size = 0;
  let digested = 0;
  /** What is held, as one piece of which the hash has everything. */
  const join = (): Buffer => {
    const all = Buffer.concat(held);
    hash.update(all.subarray(digested));
    held = [all];
    digested = all.length;
    return all;
  };
  return {
    write: (chunk) => {
      bytes += chunk.length;
      size += chunk.length;
      held.push(chunk);
      if (size < AT_ONCE) return;
      const all = join();
      write(all.subarray(0, -END));
      held = [all.subarray(-END)];
      size = END;
      digested = END;
    },
    content: () => {
      join();
      return { bytes, sha256: hash.copy().digest('hex') };
    },
    end: (line) => {
      const all = join();
      const at = format === 'PDF' ? all.lastIndexOf('startxref') : all.length;
      if (at < 0) throw new Error('The PDF has no startxref at its end');
      write(all.subarray(0, at));
      write(Buffer.from(line));
      write(all.subarray(at));
    },
  };
}
