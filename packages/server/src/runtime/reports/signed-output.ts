import { createHash } from 'node:crypto';
import type { ReportFormat } from '../../engine/reports/report-data.ts';

/** The end of a PDF that comes after the signature: `startxref`, a number and `%%EOF`. */
const END = 64;

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
  let held = Buffer.alloc(0);
  return {
    write: (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      const all = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      const left = Math.max(0, all.length - END);
      if (left > 0) write(all.subarray(0, left));
      held = Buffer.from(all.subarray(left));
    },
    content: () => ({ bytes, sha256: hash.copy().digest('hex') }),
    end: (line) => {
      const at = format === 'PDF' ? held.lastIndexOf('startxref') : held.length;
      if (at < 0) throw new Error('The PDF has no startxref at its end');
      write(held.subarray(0, at));
      write(Buffer.from(line));
      write(held.subarray(at));
    },
  };
}
