// Installs what the lockfile names, once: runs on any Node from 18 up, before anything else of ours does.
// `npm start` and `npm test` call it first; npm has already put node_modules/.bin on PATH by then, so what follows runs by
// the Node that install-node.mjs puts there, where the shell's is too old.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough } from '../packages/server/bin/node-needed.mjs';

// As an ES module it would load the Web Crypto API at each start.
const { createHash } = createRequire(import.meta.url)('node:crypto');

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.assay-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform}-${process.arch}`)
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  // Not loaded where nothing is missing, which is at nearly every start.
  const { spawnSync } = await import('node:child_process');
  process.stderr.write('Installing what Assay needs (once, under a minute) …\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  const installed = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (installed.status !== 0) {
    process.stderr.write('Assay could not install its dependencies; npm said why above. Run `npm ci` to try again.\n');
    // 1 would tell a script that `assay scan` found something.
    process.exit(2);
  }
  writeFileSync(stamp, wanted);
} else if (!isNewEnough(process.versions.node)) {
  // The shell may have another Node since.
  await import('./install-node.mjs');
}
