// Gives a clone a Node that can run it, where the one that is there is too old: `npm install` and `npm ci` end with this,
// and what they install with it is node_modules/.bin/node. Runs on any Node from 18 up.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, nodeNeeded } from '../packages/server/bin/node-needed.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const link = join(root, 'node_modules', '.bin', 'node');

/** Each is a lockfile with a Node for every platform. The second needs fewer libraries of the system. */
const SOURCES = ['clone-node', 'agent-node'];

const runs = (node) => {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 && isNewEnough(stdout.trim().slice(1));
};

/** Asked at each start of a command: nothing is run for it. */
const isInstalled = () =>
  existsSync(link) && SOURCES.some((source) => lockOf(source) === lockOf(source, installedIn(source)));

const installedIn = (source) => join(root, 'node_modules', `.assay-${source}`);

function lockOf(source, directory = join(root, 'scripts', source)) {
  const file = join(directory, 'package-lock.json');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function installNode() {
  if (isNewEnough(process.versions.node) || isInstalled()) return;
  process.stderr.write(
    `This needs Node ${nodeNeeded} or newer, and ${process.version} is here: getting one for this clone …\n`,
  );
  for (const source of SOURCES) {
    const node = fetchNode(source);
    if (node === undefined || !runs(node)) continue;
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), node), link);
    return;
  }
  process.stderr.write(`No Node that npm has runs on this system. Install Node ${nodeNeeded} or newer.\n`);
  process.exit(2);
}

/** The executable that npm installs by one of our lockfiles; undefined where it has none for this platform. */
function fetchNode(source) {
  const directory = installedIn(source);
  mkdirSync(directory, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(root, 'scripts', source, name), join(directory, name));
  }
  // What npm tells its scripts of the clone's installation must not reach this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_)?prefix|package)/.test(name)),
  );
  const npm = process.env.npm_execpath;
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--ignore-scripts'];
  const options = { cwd: directory, env, stdio: ['ignore', 2, 2] };
  const { status } = npm ? spawnSync(process.execPath, [npm, ...args], options) : spawnSync('npm', args, options);
  if (status !== 0) return undefined;
  const packages = join(directory, 'node_modules');
  return existsSync(packages)
    ? readdirSync(packages)
        .map((name) => join(packages, name, 'bin', 'node'))
        .find((file) => existsSync(file))
    : undefined;
}

installNode();
