/**
 * `npm run build:image [-- --out FILE] [--server DIR]`: makes a container image of dist/server, an OCI archive, without Docker.
 * It holds a Node, the libraries of this machine that Node needs, the server, and the agent's build where there is one beside it;
 * no shell, no package manager. `podman load`, `docker load`, `skopeo copy oci-archive:…` and `buildah pull oci-archive:…` take it.
 */
import { execFileSync } from 'node:child_process';
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
import packageJson from '../packages/server/package.json' with { type: 'json' };
import { installNode, ownArchitecture } from './agent-node.ts';
import { packImage } from './pack-image.ts';

const root = join(import.meta.dirname, '..');
/** A user and a group that no distribution gives to anybody. */
const USER = 65_532;
const CALLED = { x64: 'amd64', arm64: 'arm64' } as const;
const DATA = '/data';

const { version } = packageJson;
const architecture = CALLED[ownArchitecture()];
const { values } = parseArgs({ options: { out: { type: 'string' }, server: { type: 'string' } } });
const out = values.out ?? join(root, `dist/assay-${version}-${architecture}.oci.tar`);
const server = values.server ?? join(root, 'dist/server');
if (!existsSync(join(server, 'assay.mjs')))
  throw new Error('There is no build yet. Run npm run build, then this again.');

const files = mkdtempSync(join(tmpdir(), 'assay-image-'));
try {
  chmodSync(files, 0o755);
  fill(files);
  const config = {
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
    Labels: { 'org.opencontainers.image.title': 'Assay', 'org.opencontainers.image.version': version },
  };
  packImage({ files, data: DATA, user: USER, architecture, name: `assay:${version}`, config }, out);
} finally {
  rmSync(files, { recursive: true, force: true });
}
process.stdout.write(`${out}: ${(readFileSync(out).length / 1e6).toFixed(1)} MB\n`);

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
  const agent = join(server, '../agent');
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
