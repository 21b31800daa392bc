// Installs what the lockfile names, once: runs on any Node from 18 up, before anything else of ours does.
// `npm start` and `npm test` call it first; npm has already put node_modules/.bin on PATH by then, so what follows runs by
// the Node that install-node.mjs puts there, where the shell's is too old.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

if (!isInstalled()) await install();
else if (!isNewEnough(process.versions.node)) {
  // The shell may have another Node since.
  await import('./install-node.mjs');
}

/** Two installations at once would delete each other's files: whoever comes second waits for the first. */
async function install() {
  // Not loaded where nothing is missing, which is at nearly every start.
  const { spawnSync } = await import('node:child_process');
  // Not below node_modules, which npm deletes first.
  const lock = join(root, '.cache', 'installing');
  mkdirSync(dirname(lock), { recursive: true });
  let told = false;
  while (!take(lock)) {
    if (!told) process.stderr.write('Another process installs what Assay needs; waiting for it …\n');
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    if (!isInstalled()) installNow(spawnSync);
  } finally {
    rmSync(lock, { force: true });
  }
  // 1 would tell a script that `assay scan` found something.
  if (!isInstalled()) process.exit(2);
}

/** Whether the lock is ours now. One whose process is gone is nobody's. */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    // Where nothing is in it, it has just been made, or its process was killed at that very moment.
    const isLeft = holder > 0 ? !isRunning(holder) : Date.now() - statSync(lock).mtimeMs > 10_000;
    if (isLeft) rmSync(lock, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return false;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function installNow(spawnSync) {
  process.stderr.write('Installing what Assay needs (once, under a minute) …\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  const installed = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (installed.status !== 0) {
    process.stderr.write('Assay could not install its dependencies; npm said why above. Run `npm ci` to try again.\n');
    return;
  }
  writeFileSync(stamp, wanted);
}
