import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** What a clone has of its own; packages that npm installed are those of this one. */
const COPIED = ['package.json', 'package-lock.json', 'LICENSE', 'packages', 'scripts'];

/** A clone of this repository as it is on the disk, whose sources can be changed; without tests. */
export interface CopiedClone {
  readonly directory: string;
  /** What people start: an argument of Node's. */
  readonly program: string;
  readonly remove: () => void;
}

export function copyClone(): CopiedClone {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'assay-clone-')));
  for (const name of COPIED)
    cpSync(join(ROOT, name), join(directory, name), { recursive: true, preserveTimestamps: true });
  const installed = join(directory, 'node_modules');
  mkdirSync(installed);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    // The cache is of this clone's sources, and its own packages are links to them.
    if (name === '.cache' || name === '@assay' || name === 'assay') continue;
    symlinkSync(join(ROOT, 'node_modules', name), join(installed, name));
  }
  mkdirSync(join(installed, '@assay'));
  for (const name of ['agent', 'console', 'model']) {
    symlinkSync(join('../../packages', name), join(installed, '@assay', name));
  }
  return {
    directory,
    program: join(directory, 'packages/server/bin/assay.mjs'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
