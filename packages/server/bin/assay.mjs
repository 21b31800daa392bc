#!/usr/bin/env node
// Starts Assay's command line from a clone, whatever Node the shell has: installs what is missing, hands over to the
// pinned Node where this one is too old, and packs the program. A build has no need of this: see scripts/build.ts.
import { spawn } from 'node:child_process';
import * as module from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const workspace = join(here, '..', '..', '..');
const scripts = join(workspace, 'scripts');
const main = join(here, '..', 'src', 'cli', 'main.ts');
await import(pathToFileURL(join(scripts, 'bootstrap.mjs')).href);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 24 || (major === 24 && minor >= 15)) {
  // Kept with what was installed: a second start finds everything packed and compiled.
  const cache = join(workspace, 'node_modules', '.cache');
  module.enableCompileCache(join(cache, 'assay'));
  const { packedProgram } = await import(pathToFileURL(join(scripts, 'packed-program.ts')).href);
  // What goes wrong is told by the lines of the sources.
  process.setSourceMapsEnabled(true);
  const place = { root: workspace, main: relative(workspace, main), cache: join(cache, 'assay-program') };
  const program = await packedProgram(place).catch((error) => {
    process.stderr.write(`Assay cannot be packed from its sources: ${error.message}\n`);
    process.exit(2);
  });
  await import(program);
} else {
  const pinned = join(workspace, 'node_modules', '.bin', 'node');
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  child.on('error', () => {
    process.stderr.write(`Assay needs Node 24.15 or newer; this is ${process.version}, and npm installed no other.\n`);
    process.exit(2);
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  // A signal to the whole process group reaches the child twice; it acts on the first.
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 2);
    // Ended as the child was: whoever waits for this process sees by what.
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}
