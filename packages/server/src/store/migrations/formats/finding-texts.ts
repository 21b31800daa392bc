/** Findings in the columns of version 7. Frozen: see docs/add-an-operation.md. */
import { constants, zstdCompressSync } from 'node:zlib';
import { type FindingDocument, type Pair, packTerms } from './finding-terms.ts';

const { ZSTD_c_compressionLevel: LEVEL } = constants;
/** Findings of one run share a row of texts: so many of them, or so many characters. */
const TOGETHER = 12;
const ENOUGH = 32_768;

export interface PackedDocument {
  readonly attributes: string;
  readonly userAttributes: string;
  readonly terms: Uint8Array;
  /** Which row of texts has the rest, and on which line. */
  readonly row: number;
  readonly place: number;
}

export function packDocuments(all: readonly FindingDocument[]): { documents: PackedDocument[]; texts: Uint8Array[] } {
  const rows: string[][] = [];
  let length = 0;
  const documents = all.map((document): PackedDocument => {
    const line = JSON.stringify({ ...document, attributes: undefined, userAttributes: undefined });
    const last = rows.at(-1);
    if (!last || last.length === TOGETHER || length + line.length > ENOUGH) {
      rows.push([]);
      length = 0;
    }
    const lines = rows.at(-1) ?? [];
    lines.push(line);
    length += line.length;
    return {
      attributes: packPairs(document.attributes),
      userAttributes: packPairs(document.userAttributes),
      terms: packTerms(document),
      row: rows.length - 1,
      place: lines.length - 1,
    };
  });
  const pack = (lines: readonly string[]): Uint8Array => zstdCompressSync(lines.join('\n'), { params: { [LEVEL]: 1 } });
  return { documents, texts: rows.map(pack) };
}

const packPairs = (pairs: readonly Pair[]): string =>
  JSON.stringify(pairs.flatMap(({ key, value = null }) => [key, value]));

/** A verdict as versions 4 to 6 stored it. */
export interface StoredVerdict {
  readonly ruleId: string;
  readonly outcome: string;
  readonly finding?: { readonly description?: string; readonly severity: string; state?: unknown; packages?: unknown };
}

/** Verdicts without what their findings say. */
export const shortVerdicts = (verdicts: readonly StoredVerdict[]): unknown[] =>
  verdicts.map((verdict) => {
    if (!verdict.finding) return verdict;
    const { severity, state, packages } = verdict.finding;
    return {
      ...verdict,
      finding: { severity, ...(state ? { state } : {}), ...(packages ? { packages } : {}) },
    };
  });
