/**
 * `npm run build:image [-- --out FILE]`: makes a container image of dist/server, an OCI archive, without Docker. It holds a
 * Node, the libraries of this machine that Node needs, the server, and dist/agent where there is one; no shell, no package
 * manager. `podman load`, `docker load`, `skopeo copy oci-archive:…` and `buildah pull oci-archive:…` take it.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import packageJson from '../packages/server/package.json' with { type: 'json' };
import { installNode, ownArchitecture } from './agent-node.ts';

const root = join(import.meta.dirname, '..');
/** A user and a group that no distribution gives to anybody. */
const USER = 65_532;
const CALLED = { x64: 'amd64', arm64: 'arm64' } as const;
const DATA = '/data';

const architecture = CALLED[ownArchitecture()];
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = values.out ?? join(root, `dist/assay-${packageJson.version}-${architecture}.oci.tar`);
const server = join(root, 'dist/server');
if (!existsSync(join(server, 'assay.mjs')))
  throw new Error('There is no build yet. Run npm run build, then this again.');

const scratch = mkdtempSync(join(tmpdir(), 'assay-image-'));
try {
  makeImage(scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(`${out}: ${(readFileSync(out).length / 1e6).toFixed(1)} MB\n`);

function makeImage(scratch: string): void {
  const files = join(scratch, 'files');
  fill(files);
  const layer = join(scratch, 'layer.tar');
  // The same files make the same layer, whoever builds it and when.
  const steady = ['--sort=name', '--numeric-owner', '--owner=0', '--group=0', '--mtime=@0', '--format=posix'];
  const exact = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime';
  execFileSync('tar', [...steady, exact, '-C', files, '-cf', layer, '--exclude=./data', '.']);
  execFileSync('tar', [...steady, exact, `--owner=${USER}`, `--group=${USER}`, '-C', files, '-rf', layer, './data']);

  const image = join(scratch, 'image');
  mkdirSync(join(image, 'blobs/sha256'), { recursive: true });
  const put = (bytes: Buffer | string): { digest: string; size: number } => {
    const buffer = Buffer.from(bytes);
    const hash = sha256(buffer);
    writeFileSync(join(image, 'blobs/sha256', hash), buffer);
    return { digest: `sha256:${hash}`, size: buffer.length };
  };
  const bytes = readFileSync(layer);
  const packed = put(gzipSync(bytes));
  const config = put(JSON.stringify(configOf(`sha256:${sha256(bytes)}`)));
  const manifest = put(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...packed }],
    }),
  );
  writeFileSync(join(image, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  writeFileSync(
    join(image, 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          ...manifest,
          platform: { os: 'linux', architecture },
          annotations: { 'org.opencontainers.image.ref.name': `assay:${packageJson.version}` },
        },
      ],
    }),
  );
  mkdirSync(dirname(out), { recursive: true });
  execFileSync('tar', [...steady, '-C', image, '-cf', out, 'oci-layout', 'index.json', 'blobs']);
}

/** See https://github.com/opencontainers/image-spec/blob/main/config.md. */
function configOf(layer: string): object {
  return {
    architecture,
    os: 'linux',
    config: {
      User: `${USER}:${USER}`,
      Entrypoint: ['/usr/bin/node', '/opt/assay/server/assay.mjs'],
      Cmd: ['serve'],
      Env: [
        'PATH=/usr/bin',
        `ASSAY_DATA_DIR=${DATA}`,
        `HOME=${DATA}`,
        'ASSAY_COMMAND=podman exec CONTAINER node /opt/assay/server/assay.mjs',
      ],
      ExposedPorts: { '8020/tcp': {} },
      Volumes: { [DATA]: {} },
      WorkingDir: DATA,
      StopSignal: 'SIGTERM',
      Labels: { 'org.opencontainers.image.title': 'Assay', 'org.opencontainers.image.version': packageJson.version },
    },
    rootfs: { type: 'layers', diff_ids: [layer] },
  };
}

function fill(files: string): void {
  const node = installNode(ownArchitecture());
  const put = (from: string, to: string, mode = 0o644): void => {
    const target = join(files, to);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(realpathSync(from), target);
    chmodSync(target, mode);
  };
  put(node, 'usr/bin/node', 0o755);
  put(join(dirname(node), '../LICENSE'), 'usr/share/licenses/node/LICENSE');
  for (const library of librariesOf(node)) put(library, library, 0o755);
  cpSync(server, join(files, 'opt/assay/server'), { recursive: true });
  const agent = join(root, 'dist/agent');
  if (existsSync(agent)) cpSync(agent, join(files, 'opt/assay/agent'), { recursive: true });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(files, path)), { recursive: true });
    writeFileSync(join(files, path), text);
  };
  write('etc/passwd', `root:x:0:0:root:/root:/sbin/nologin\nassay:x:${USER}:${USER}:Assay:${DATA}:/sbin/nologin\n`);
  write('etc/group', `root:x:0:\nassay:x:${USER}:\n`);
  write('etc/nsswitch.conf', 'hosts: files dns\n');
  mkdirSync(join(files, DATA), { mode: 0o700 });
  mkdirSync(join(files, 'tmp'));
  chmodSync(join(files, 'tmp'), 0o1777);
}

/** What the dynamic linker of this machine loads for an executable, and the linker, by the paths that it has them under. */
function librariesOf(executable: string): string[] {
  const text = execFileSync('ldd', [executable], { encoding: 'utf8' });
  const libraries = text.split('\n').flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  const libc = libraries.find((path) => basename(path) === 'libc.so.6');
  // Names are looked up by a library that libc loads when it is asked.
  return libc === undefined ? libraries : [...libraries, join(dirname(libc), 'libresolv.so.2')];
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
