import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { reportKey } from '../../../packages/server/src/runtime/reports/report-key.ts';
import {
  type ReportStatement,
  reportSigner,
  signatureLine,
  type Verification,
  verifyReport,
} from '../../../packages/server/src/runtime/reports/report-signature.ts';
import { signedOutput } from '../../../packages/server/src/runtime/reports/signed-output.ts';

const directory = mkdtempSync(join(tmpdir(), 'assay-signature-'));
afterAll(() => rmSync(directory, { recursive: true }));

const signer = reportSigner(reportKey({ masterKey: Buffer.alloc(32, 7) }));

const contents = {
  HTML: '<!doctype html>\n<html lang="en"><body>Two findings</body></html>\n',
  PDF: '%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<< /Size 1 >>\nstartxref\n31\n%%EOF\n',
} as const;

/** A report as it is signed, whatever pieces it is written in. */
function signed(format: 'HTML' | 'PDF', by = signer, change: Partial<ReportStatement> = {}): Buffer {
  const pieces: Uint8Array[] = [];
  const output = signedOutput(format, (bytes) => pieces.push(Uint8Array.from(bytes)));
  for (const piece of contents[format].match(/[\s\S]{1,7}/g) ?? []) output.write(Buffer.from(piece));
  const statement = JSON.stringify({
    ...{ run: 'arn:run', name: 'the run', type: 'FULL', format, askedAt: '2026-11-30T00:00:00.000Z', assay: '0.1.0' },
    key: by.publicKey,
    ...output.content(),
    ...change,
  });
  output.end(signatureLine(format, statement, by.sign(statement)));
  return Buffer.concat(pieces);
}

async function outcomeOf(bytes: Uint8Array): Promise<Verification> {
  const path = join(directory, 'report');
  writeFileSync(path, bytes);
  await using file = await open(path);
  return await verifyReport(file);
}

describe.each(['HTML', 'PDF'] as const)('%s', (format) => {
  test('is unchanged, and says what it is of and by which key it is signed', async () => {
    expect(await outcomeOf(signed(format))).toMatchObject({
      outcome: 'UNCHANGED',
      statement: { run: 'arn:run', name: 'the run', format, key: signer.publicKey },
    });
    const text = signed(format).toString('latin1');
    const line = text.split('\n').find((each) => each.includes('assay-report-signature')) ?? '';
    expect(text.replace(`${line}\n`, '')).toBe(contents[format]);
    if (format === 'PDF') expect(text.endsWith('startxref\n31\n%%EOF\n')).toBe(true);
  });

  test('no byte changes unnoticed', async () => {
    const whole = signed(format);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect((await outcomeOf(changed)).outcome, `byte ${at}`).not.toBe('UNCHANGED');
    }
  });

  test('what is cut off, put in or put behind is noticed', async () => {
    const whole = signed(format);
    for (const changed of [
      whole.subarray(1),
      whole.subarray(0, -1),
      Buffer.concat([whole, Buffer.from(' ')]),
      Buffer.concat([whole, whole]),
      Buffer.concat([Buffer.from('\n'), whole]),
    ]) {
      expect((await outcomeOf(changed)).outcome).toBe('CHANGED');
    }
  });

  test('a statement that another key signed, or of another content, is none', async () => {
    const other = reportSigner(reportKey({ masterKey: Buffer.alloc(32, 8) }));
    expect(await outcomeOf(signed(format, other, { key: signer.publicKey }))).toMatchObject({ outcome: 'CHANGED' });
    expect(await outcomeOf(signed(format, signer, { sha256: '0'.repeat(64) }))).toMatchObject({ outcome: 'CHANGED' });
    expect(await outcomeOf(signed(format, signer, { key: 'ed25519:no key' }))).toMatchObject({ outcome: 'CHANGED' });
    expect(await outcomeOf(signed(format, other))).toMatchObject({
      outcome: 'UNCHANGED',
      statement: { key: other.publicKey },
    });
  });

  test('without a signature it is not signed', async () => {
    expect(await outcomeOf(Buffer.from(contents[format]))).toEqual({ outcome: 'NOT_SIGNED' });
  });
});

test('an empty file is not signed', async () => {
  expect(await outcomeOf(new Uint8Array())).toEqual({ outcome: 'NOT_SIGNED' });
});

test('servers with one master key sign with one key', () => {
  expect(signer.publicKey).toBe(reportSigner(reportKey({ masterKey: Buffer.alloc(32, 7) })).publicKey);
  expect(signer.publicKey).toMatch(/^ed25519:[\w-]{43}$/);
});
