#!/usr/bin/env node
// Starts Assay's command line whatever Node the shell has: in a clone it installs what is missing, hands over to
// the pinned Node and packs the program; from a published package it needs Node 24.15 or newer itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const workspace = join(here, '..', '..', '..');
const scripts = join(workspace, 'scripts');
const main = join(here, '..', 'src', 'cli', 'main.ts');
const isClone = existsSync(join(scripts, 'bootstrap.mjs'));
if (isClone) await import(pathToFileURL(join(scripts, 'bootstrap.mjs')).href);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 24 || (major === 24 && minor >= 15)) {
  // Kept with what was installed: a second start finds everything packed and compiled.
  const cache = join(isClone ? workspace : here, 'node_modules', '.cache');
  module.enableCompileCache(join(cache, 'assay'));
  await import((await packed(cache)) ?? pathToFileURL(main).href);
} else {
  const pinned = join(workspace, 'node_modules', '.bin', 'node');
  if (!existsSync(pinned)) {
    process.stderr.write(`Assay needs Node 24.15 or newer; this is ${process.version}.\n`);
    process.exit(2);
  }
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 2 : (code ?? 2)));
}

/** The URL of the program in few files, where it can be packed. */
async function packed(cache) {
  if (!isClone) return undefined;
  const { packedProgram } = await import(pathToFileURL(join(scripts, 'packed-program.ts')).href);
  // What goes wrong is told by the lines of the sources.
  process.setSourceMapsEnabled(true);
  return packedProgram({ root: workspace, main: relative(workspace, main), cache: join(cache, 'assay-program') });
}
