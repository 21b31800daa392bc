/**
 * `npm run build:agent [-- --out DIR] [--arch x64]`: makes dist/agent, what hosts are given.
 *
 * - assay-agent.cjs: the agent as one file for a Node that is there (22 or newer).
 * - assay-agent-linux-x64, -arm64: the same with a Node in it, Node's "single executable application". It needs glibc 2.28
 *   and libstdc++, which every distribution since 2019 has: see docs/decisions/2026-11-30-agent-in-one-file.md.
 * - assay-agent_VERSION_ARCH.deb and .rpm with the same executable, where this machine has dpkg-deb and rpmbuild.
 * - .gz of each executable, which the server sends to clients that take it, and SHA256SUMS of all that it serves.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { ARCHITECTURES, type Architecture, installNode, ownArchitecture } from './agent-node.ts';
import { makePackages } from './agent-packages.ts';
import { requireRunsOnOldest } from './runs-on.ts';

const root = join(import.meta.dirname, '..');
const SCRIPT = 'assay-agent.cjs';

/** Where Node looks for what was put into its executable: https://nodejs.org/api/single-executable-applications.html. */
const SECTION = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
/** What the agent takes at most of the 256 MiB that its unit allows it and what it starts. */
const EXEC_ARGV = ['--max-old-space-size=160', '--max-semi-space-size=2'];

const { values } = parseArgs({ options: { out: { type: 'string' }, arch: { type: 'string', multiple: true } } });
const architectures = ARCHITECTURES.filter((arch) => values.arch?.includes(arch) ?? true);
await buildAgent(values.out ?? join(root, 'dist/agent'), architectures);

async function buildAgent(directory: string, architectures: readonly Architecture[]): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await bundleAgent(join(directory, SCRIPT));
  const maker = installNode(ownArchitecture());
  const made = [SCRIPT];
  for (const architecture of architectures) {
    const name = `assay-agent-linux-${architecture}`;
    makeExecutable({
      script: join(directory, SCRIPT),
      node: installNode(architecture),
      maker,
      file: join(directory, name),
    });
    made.push(name, ...makePackages({ executable: join(directory, name), architecture, directory }));
  }
  const sums = made.map((name) => {
    const bytes = readFileSync(join(directory, name));
    if (/-linux-[a-z0-9]+$/.test(name)) writeFileSync(join(directory, `${name}.gz`), gzipSync(bytes));
    process.stdout.write(`${join(directory, name)}: ${(bytes.length / 1e6).toFixed(1)} MB\n`);
    return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(directory, 'SHA256SUMS'), sums.join(''));
}

async function bundleAgent(file: string): Promise<void> {
  const bundled = await rolldown({
    input: join(root, 'packages/agent/src/cli/main.ts'),
    platform: 'node',
    logLevel: 'silent',
  });
  try {
    await bundled.write({
      file,
      format: 'cjs',
      banner: '#!/usr/bin/env node',
      codeSplitting: false,
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    });
  } finally {
    await bundled.close();
  }
  chmodSync(file, 0o755);
}

interface Executable {
  readonly script: string;
  /** The Node that becomes part of it, and one of the same version that runs here. */
  readonly node: string;
  readonly maker: string;
  readonly file: string;
}

function makeExecutable({ script, node, maker, file }: Executable): void {
  const blob = `${file}.blob`;
  const config = `${file}.json`;
  writeFileSync(
    config,
    JSON.stringify({
      main: script,
      output: blob,
      disableExperimentalSEAWarning: true,
      execArgv: EXEC_ARGV,
      // Nothing in the environment of a host changes how its agent runs.
      execArgvExtension: 'none',
    }),
  );
  execFileSync(maker, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  const draft = `${file}.new`;
  copyFileSync(node, draft);
  chmodSync(draft, 0o755);
  execFileSync(join(root, 'node_modules/.bin/postject'), [draft, SECTION, blob, '--sentinel-fuse', FUSE], {
    // It warns of what is of no account here, and says what failed on standard error.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  requireRunsOnOldest(draft);
  renameSync(draft, file);
  for (const path of [blob, config]) rmSync(path);
}
