#!/usr/bin/env node
// Starts a build of Assay: scripts/build.ts puts this file above the packed program. Nothing is installed or packed here.
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, nodeNeeded } from './node-needed.mjs';

if (!isNewEnough(process.versions.node)) {
  process.stderr.write(`assay: This needs Node ${nodeNeeded} or newer, and this is ${process.version}.\n`);
  process.exit(2);
}
// Where nothing may be written there is no cache, and the start takes a little longer.
const here = dirname(fileURLToPath(import.meta.url));
// A scan has one of its own: of each file the functions are kept that the first process needed.
const cache = process.env.NODE_COMPILE_CACHE || join(here, '.cache');
module.enableCompileCache(process.argv[2] === 'scan' ? join(cache, 'scan') : cache);
// What goes wrong is told by the lines of the sources.
process.setSourceMapsEnabled(true);
await import('./program/program.mjs');
