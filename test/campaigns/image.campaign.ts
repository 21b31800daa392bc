import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../agent/agent-server.ts';
import { works } from '../support/run-program.ts';

const ROOT = join(import.meta.dirname, '../..');
const root = process.geteuid?.() === 0;
const why = root && works('unshare', ['--version']) ? undefined : 'this is not root, or unshare is not installed';
if (why !== undefined) console.warn(`SKIPPED: the container image as it runs: ${why}.`);
const buildah = root && works('buildah', ['--version']);
if (!buildah) console.warn('SKIPPED: the container image in a container tool: buildah is not installed.');

describe.skipIf(why !== undefined)('the container image', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-image-'));
  const image = join(scratch, 'assay.oci.tar');
  const files = join(scratch, 'files');
  interface Config {
    readonly config: { readonly Entrypoint: string[]; readonly Env: string[]; readonly User: string };
  }
  let config: Config['config'];

  beforeAll(() => {
    const server = join(scratch, 'server');
    const run = (script: string, ...args: string[]): void => {
      execFileSync(process.execPath, [join(ROOT, 'scripts', script), ...args], { stdio: 'inherit' });
    };
    run('build.ts', '--out', server);
    run('build-image.ts', '--server', server, '--out', image);
    const unpacked = join(scratch, 'unpacked');
    for (const directory of [unpacked, files]) mkdirSync(directory);
    execFileSync('tar', ['-C', unpacked, '-xf', image]);
    const json = (path: string) => JSON.parse(readFileSync(join(unpacked, path), 'utf8'));
    const blob = (digest: string): string => `blobs/${digest.replace(':', '/')}`;
    const manifest = json(blob(json('index.json').manifests[0].digest));
    ({ config } = json(blob(manifest.config.digest)) as Config);
    execFileSync('tar', ['-C', files, '-xzf', join(unpacked, blob(manifest.layers[0].digest))]);
  }, 600_000);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test('serves with nothing but its own files, as its own user, and stops in order', async () => {
    const environment = [
      '-i',
      ...config.Env,
      'ASSAY_ACCESS_KEY_ID=AKIDIMAGE',
      'ASSAY_SECRET_ACCESS_KEY=secret-of-image',
    ];
    const chroot = [
      '/usr/sbin/chroot',
      `--userspec=${config.User}`,
      files,
      ...config.Entrypoint,
      'serve',
      '--port',
      '0',
    ];
    const mounts = `mount -t proc proc ${files}/proc; mount --bind /dev ${files}/dev`;
    for (const directory of ['proc', 'dev']) mkdirSync(join(files, directory), { recursive: true });
    const child = spawn('unshare', [
      '--mount',
      'sh',
      '-c',
      `${mounts}; exec "$@"`,
      'sh',
      'env',
      ...environment,
      ...chroot,
    ]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const exited = once(child, 'exit');
    const endpoint = await eventually('its address', () => {
      if (child.exitCode !== null) throw new Error(said);
      return /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    });
    expect((await fetch(`${endpoint}/health`)).status).toBe(200);
    expect((await fetch(`${endpoint}/console/`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exited, said).toEqual([0, null]);
    expect(said).not.toContain('npx');
  });

  test.skipIf(!buildah)('is taken and run by a container tool', () => {
    const store = ['--root', join(scratch, 'storage'), '--runroot', join(scratch, 'run'), '--storage-driver', 'vfs'];
    const tool = (...args: string[]): string =>
      execFileSync('buildah', [...store, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
    const id = tool('pull', '--quiet', `oci-archive:${image}`);
    const container = tool('from', '--pull-never', id);
    const version = tool('run', '--isolation', 'chroot', container, '--', ...config.Entrypoint, '--version');
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    tool('rm', container);
  });
});
