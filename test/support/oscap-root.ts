import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ovalStream } from './oval-stream.ts';

/** Why the real oscap cannot be asked here. */
export const noOscap =
  process.geteuid?.() === 0
    ? spawnSync('oscap', ['--version']).error && 'oscap is not installed'
    : 'the agent starts oscap as root only';

/** A file system of three files, and the content that judges it. */
export function tinyRoot(settings = 'UMASK 022\nBANNER none\n', release = '12') {
  const root = mkdtempSync(join(tmpdir(), 'assay-oscap-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'etc'));
  mkdirSync(join(root, 'agent'));
  const configure = (text: string): void => writeFileSync(join(root, 'etc/login.defs'), text);
  configure(settings);
  writeFileSync(join(root, 'etc/os-release'), 'ID=debian\nVERSION_ID="12"\n');
  const stream = join(root, 'ds.xml');
  writeFileSync(stream, ovalStream(root, release));
  return { root, stream, configure };
}

export type TinyRoot = ReturnType<typeof tinyRoot>;
