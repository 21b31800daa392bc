import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { FindingDocument } from '../../domain/finding-document.ts';

const { ZSTD_c_compressionLevel: LEVEL } = constants;

/** What of a finding is shown and not looked for: findings of a run share a row of these, several at a time. */
export type FindingTexts = Omit<FindingDocument, 'attributes' | 'userAttributes'>;

/**
 * Findings whose texts go into one row. A host's findings repeat each other, so that 12 of them take some 300 bytes each
 * where one alone takes 700 of its 1,500; with more of them, whoever asks for one unpacks more than it saves.
 */
const TOGETHER = 12;
/** Characters of a row's texts that are enough by themselves: a finding that was imported may have a hundred thousand. */
const ENOUGH = 32_768;

/** Where the texts of a finding stand: in which of the rows, and in which place there. */
export interface TextsPlace {
  readonly row: number;
  readonly place: number;
}

/** Texts of documents in rows: a line of JSON each, Zstandard-compressed; and where each of them stands. */
export function packTexts(all: readonly FindingTexts[]): { rows: Uint8Array[]; places: TextsPlace[] } {
  const rows: Uint8Array[] = [];
  const places: TextsPlace[] = [];
  let lines: string[] = [];
  let length = 0;
  const end = (): void => {
    if (lines.length === 0) return;
    // In memory of its own: other threads are handed it as it is.
    rows.push(new Uint8Array(zstdCompressSync(lines.join('\n'), { params: { [LEVEL]: 1 } })));
    lines = [];
    length = 0;
  };
  for (const texts of all) {
    const line = JSON.stringify({ ...texts, attributes: undefined, userAttributes: undefined });
    if (lines.length === TOGETHER || length + line.length > ENOUGH) end();
    places.push({ row: rows.length, place: lines.length });
    lines.push(line);
    length += line.length;
  }
  end();
  return { rows, places };
}

/**
 * Rows that are held unpacked, some 18 KB each: a host's findings take two or three dozen, and come in the order of their
 * rules as often as in that of their texts.
 */
const HELD = 64;

/** Takes texts out of their rows. A row is unpacked once for findings of it that come soon after each other. */
export function createTextsReader(): (id: number, row: Uint8Array, place: number) => FindingTexts {
  const held = new Map<number, readonly string[]>();
  return (id, row, place) => {
    let lines = held.get(id);
    if (!lines) {
      lines = zstdDecompressSync(row).toString().split('\n');
      const [eldest] = held.keys();
      if (held.size >= HELD && eldest !== undefined) held.delete(eldest);
      held.set(id, lines);
    }
    const line = lines[place];
    if (line === undefined) throw new Error(`The texts ${id} of findings have lost their place ${place}`);
    return JSON.parse(line) as FindingTexts;
  };
}
