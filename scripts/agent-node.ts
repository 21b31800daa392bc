import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What executables and images are made for. */
export const ARCHITECTURES = ['x64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** The Node for Linux that agent-node/ pins, installed below node_modules/.cache: the path of its executable. */
export function installNode(architecture: Architecture): string {
  const source = join(import.meta.dirname, 'agent-node');
  const cache = join(import.meta.dirname, '../node_modules/.cache', `agent-node-${architecture}`);
  mkdirSync(cache, { recursive: true });
  const lock = readFileSync(join(source, 'package-lock.json'), 'utf8');
  const installed = join(cache, 'installed.json');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(source, name), join(cache, name));
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['ci', '--os=linux', `--cpu=${architecture}`, ...quiet], {
      cwd: cache,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    writeFileSync(installed, lock);
  }
  return join(cache, 'node_modules', `node-linux-${architecture}`, 'bin/node');
}

/** The architecture of this machine. Throws where it is another, or not Linux. */
export function ownArchitecture(): Architecture {
  const own = ARCHITECTURES.find((architecture) => architecture === process.arch);
  if (process.platform !== 'linux' || own === undefined) throw new Error('This is made on Linux, x64 or arm64.');
  return own;
}
