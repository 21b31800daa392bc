#!/usr/bin/env node
// Starts Assay's command line whatever Node the shell has: in a clone it installs what is missing and hands
// over to the pinned Node; from a published package it needs Node 24.15 or newer itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const workspace = join(here, '..', '..', '..');
const bootstrap = join(workspace, 'scripts', 'bootstrap.mjs');
const main = join(here, '..', 'src', 'cli', 'main.ts');
if (existsSync(bootstrap)) await import(pathToFileURL(bootstrap).href);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 24 || (major === 24 && minor >= 15)) {
  // Kept with what was installed: a second start finds everything compiled and its types stripped.
  module.enableCompileCache(join(existsSync(bootstrap) ? workspace : here, 'node_modules', '.cache', 'assay'));
  await import(pathToFileURL(main).href);
} else {
  const pinned = join(workspace, 'node_modules', '.bin', 'node');
  if (!existsSync(pinned)) {
    process.stderr.write(`Assay needs Node 24.15 or newer; this is ${process.version}.\n`);
    process.exit(2);
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 2 : (code ?? 2)));
}
