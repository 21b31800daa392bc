import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { collect } from '@assay/agent/collect.ts';
import { type CommandOutput, type Host, type Refusal, refuse } from '@assay/agent/host.ts';
import { check } from '@assay/model/check.ts';
import { type Evidence, type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { expect, onTestFinished } from 'vitest';

const NOW_MS = 1_700_000_000_500;

/** A file's content, a symbolic link, an empty directory with its mode, or a FIFO. */
export type Entry =
  | string
  | Buffer
  | { readonly link: string }
  | { readonly directory: number }
  | { readonly fifo: true };
type Answer = (command: string, args: readonly string[]) => Partial<CommandOutput> | Refusal;

/** A host whose file system is made of `entries` in a temporary directory, and whose programs are `answer`. */
export function fixtureHost(
  entries: Readonly<Record<string, Entry>>,
  answer: Answer = () => refuse('UNSUPPORTED', 'a fixture'),
): Host {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'assay-agent-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  chmodSync(root, 0o755);
  for (const [path, entry] of Object.entries(entries)) {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    if (typeof entry === 'string' || Buffer.isBuffer(entry)) writeFileSync(at, entry);
    else if ('link' in entry) symlinkSync(entry.link, at);
    else if ('fifo' in entry) execFileSync('/usr/bin/mkfifo', [at]);
    else {
      mkdirSync(at, { recursive: true });
      chmodSync(at, entry.directory);
    }
  }
  return {
    root,
    now: () => NOW_MS,
    run: async (command, args) => {
      const answered = answer(command, args);
      return 'ok' in answered ? answered : { ok: true, value: { exitCode: 0, stdout: '', stderr: '', ...answered } };
    },
  };
}

/** The document, having made sure that it satisfies its shape. */
export async function collectChecked<K extends EvidenceKind>(kind: K, host: Host): Promise<Evidence<K>> {
  const document = await collect(kind, host);
  expect(check(evidenceKinds[kind], document, 10)).toEqual([]);
  return document;
}

export const codes = (document: { readonly limitations: readonly { code: string; subject: string }[] }): string[] =>
  document.limitations.map(({ code, subject }) => `${code} ${subject}`);
