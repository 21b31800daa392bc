import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { readPublicKey, writePublicKey } from '../../feeds/bundle/signing-key.ts';

/**
 * A report carries its signature in one line of its own: a comment at the end of an HTML file, and before `startxref` of a
 * PDF. The line has a statement, JSON in base64url, and its Ed25519 signature. The statement has the SHA-256 of all the
 * file's other bytes, so that no byte can change without being noticed.
 */
export interface ReportStatement {
  /** ARN. */
  readonly run: string;
  readonly name: string;
  readonly type: 'FINDING' | 'FULL';
  readonly format: 'HTML' | 'PDF';
  /** When the report was asked for, ISO 8601. */
  readonly askedAt: string;
  /** Version of the program that made it. */
  readonly assay: string;
  /** The public key: `ed25519:` and 43 characters. */
  readonly key: string;
  /** Of all bytes but the line's. */
  readonly bytes: number;
  readonly sha256: string;
}

/** Signs statements of reports, and nothing else. */
export interface ReportSigner {
  readonly publicKey: string;
  readonly sign: (statement: string) => Uint8Array;
}

/** What is signed begins so: the key's signatures mean nothing elsewhere. */
const CONTEXT = 'assay report signature 1\n';
const signedBytes = (statement: string): Buffer => Buffer.from(CONTEXT + statement);

export const reportSigner = (key: KeyObject): ReportSigner => ({
  publicKey: writePublicKey(key),
  sign: (statement) => sign(null, signedBytes(statement), key),
});

export function signatureLine(format: ReportStatement['format'], statement: string, signature: Uint8Array): string {
  const line = `assay-report-signature 1 ${encode(Buffer.from(statement))} ${encode(signature)}`;
  return format === 'PDF' ? `%${line}\n` : `<!-- ${line} -->\n`;
}

/** Bytes at the end of a report among which the line is. */
const TAIL = 64 * 1024;
const lines = {
  HTML: /<!-- assay-report-signature 1 ([\w-]{1,20000}) ([\w-]{86}) -->\n$/,
  PDF: /%assay-report-signature 1 ([\w-]{1,20000}) ([\w-]{86})\n(?=startxref\n\d{1,15}\n%%EOF\n?$)/,
} as const;
/** Left of a line that was changed. */
const TRACE = /assay-report|report-signature|-signature 1 /;

export type Verification =
  | { readonly outcome: 'NOT_SIGNED' }
  | { readonly outcome: 'CHANGED'; readonly why: string; readonly statement?: ReportStatement }
  | { readonly outcome: 'UNCHANGED'; readonly statement: ReportStatement };

/** Whether a file is a report as it was signed. By whom is for the caller to judge: the statement names the key. */
export async function verifyReport(file: FileHandle): Promise<Verification> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
  const tail = buffer.subarray(0, bytesRead).toString('latin1');
  const found = (['HTML', 'PDF'] as const).flatMap((format) => {
    const match = lines[format].exec(tail);
    return match ? [{ format, match }] : [];
  })[0];
  if (!found) {
    return TRACE.test(tail)
      ? { outcome: 'CHANGED', why: 'its signature is damaged, or something was added after it' }
      : { outcome: 'NOT_SIGNED' };
  }
  const [line, encoded = '', signature = ''] = found.match;
  const text = decode(encoded)?.toString('utf8');
  const statement = text === undefined ? undefined : statementOf(text);
  const bytes = decode(signature);
  if (text === undefined || !statement || !bytes || !isSigned(text, bytes, statement.key)) {
    return { outcome: 'CHANGED', why: 'its signature is not one of the key that it names' };
  }
  const begin = from + found.match.index;
  const sha256 = await digestWithout(file, size, begin, begin + line.length);
  if (sha256 !== statement.sha256 || size - line.length !== statement.bytes || statement.format !== found.format) {
    return { outcome: 'CHANGED', why: 'its content is not what was signed', statement };
  }
  return { outcome: 'UNCHANGED', statement };
}

async function digestWithout(file: FileHandle, size: number, begin: number, end: number): Promise<string> {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1024 * 1024);
  for (const [start, stop] of [
    [0, begin],
    [end, size],
  ] as const) {
    for (let at = start; at < stop; ) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, stop - at), at);
      if (bytesRead === 0) break;
      hash.update(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
  }
  return hash.digest('hex');
}

function isSigned(statement: string, signature: Uint8Array, key: string): boolean {
  try {
    return verify(null, signedBytes(statement), readPublicKey(key), signature);
  } catch {
    return false;
  }
}

function statementOf(text: string): ReportStatement | undefined {
  try {
    const given = JSON.parse(text) as Record<string, unknown>;
    const texts = ['run', 'name', 'type', 'format', 'askedAt', 'assay', 'key', 'sha256'];
    const whole = typeof given === 'object' && given !== null && texts.every((name) => typeof given[name] === 'string');
    return whole && Number.isSafeInteger(given.bytes) ? (given as unknown as ReportStatement) : undefined;
  } catch {
    return undefined;
  }
}

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Undefined for what `encode` would have written otherwise: of one signature there is one text. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return encode(bytes) === text ? bytes : undefined;
}
