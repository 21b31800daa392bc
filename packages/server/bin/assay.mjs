#!/usr/bin/env node
// Starts Assay's command line from a clone, whatever Node the shell has: installs what is missing, hands over to the
// pinned Node where this one is too old, and packs the program. A build is started by its own assay.mjs.
import * as module from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { handOver } from './hand-over.mjs';
import { isNewEnough, nodeNeeded } from './node-needed.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const workspace = join(here, '..', '..', '..');
const scripts = join(workspace, 'scripts');
const main = join(here, '..', 'src', 'cli', 'main.ts');
await import(pathToFileURL(join(scripts, 'bootstrap.mjs')).href);

const end = (message) => {
  process.stderr.write(`assay: ${message}\n`);
  process.exit(2);
};

if (isNewEnough(process.versions.node)) {
  // A second start finds everything packed and compiled. Not in node_modules, which npm empties below a server that runs.
  const cache = join(workspace, '.cache');
  // Of each file the functions are kept that the first process needed: a scan needs others than the commands that share
  // its files, and would compile them again each time.
  module.enableCompileCache(join(cache, process.argv[2] === 'scan' ? 'assay-scan' : 'assay'));
  const { packedProgram } = await import(pathToFileURL(join(scripts, 'packed-program.ts')).href);
  // What goes wrong is told by the lines of the sources.
  process.setSourceMapsEnabled(true);
  const place = { root: workspace, main: relative(workspace, main), cache: join(cache, 'assay-program') };
  await import(await packedProgram(place).catch(({ message }) => end(`The program cannot be packed: ${message}`)));
} else {
  const pinned = join(workspace, 'node_modules', '.bin', 'node');
  handOver(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], () =>
    end(`This needs Node ${nodeNeeded} or newer. This is ${process.version}, and npm installed no other.`),
  );
}
