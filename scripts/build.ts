/**
 * `npm run build [-- --out DIR]`: makes dist/server, the server as it runs in production. It needs Node and nothing else:
 * no package is installed beside it, and nothing is packed or downloaded when it starts.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import packageJson from '../packages/server/package.json' with { type: 'json' };
import { bundleProgram } from './bundle-program.ts';
import { filesIn } from './files-in.ts';
import { SERVER_UNIT } from './server-unit.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'packages/server/bin');

const { values } = parseArgs({ options: { out: { type: 'string' } } });
await build(values.out ?? join(root, 'dist/server'));

async function build(directory: string): Promise<void> {
  if (existsSync(directory) && readdirSync(directory).length > 0 && !existsSync(join(directory, 'assay.mjs'))) {
    throw new Error(`${directory} holds something else than a build. Remove it, or give --out another directory.`);
  }
  rmSync(directory, { recursive: true, force: true });
  const program = join(directory, 'program');
  mkdirSync(program, { recursive: true });
  // The agent's build is beside this one: dist/agent.
  const agents = '../../agent';
  const sources = await bundleProgram({ root, main: 'packages/server/src/cli/main.ts', directory: program, agents });
  copyFileSync(join(bin, 'built.mjs'), join(directory, 'assay.mjs'));
  chmodSync(join(directory, 'assay.mjs'), 0o755);
  copyFileSync(join(bin, 'node-needed.mjs'), join(directory, 'node-needed.mjs'));
  copyFileSync(join(root, 'LICENSE'), join(directory, 'LICENSE'));
  writeFileSync(join(directory, 'assay.service'), SERVER_UNIT);
  writeFileSync(join(directory, 'THIRD-PARTY-LICENSES'), licensesOf(sources));
  const { name, version, description, license, type, engines } = packageJson;
  writeFileSync(
    join(directory, 'package.json'),
    `${JSON.stringify({ name, version, description, license, type, engines, private: true, bin: { assay: 'assay.mjs' } }, undefined, 2)}\n`,
  );
  const bytes = filesIn(directory).reduce((sum, file) => sum + statSync(file).size, 0);
  process.stdout.write(
    `${directory}: ${(bytes / 1e6).toFixed(1)} MB. Run it with node ${join(directory, 'assay.mjs')}\n`,
  );
}

/** The licences of all packages that sources are from: a bundle passes their code on. */
function licensesOf(sources: readonly string[]): string {
  const marker = `${sep}node_modules${sep}`;
  const packages = new Set(
    sources
      .filter((path) => path.includes(marker))
      .map((path) => {
        const at = path.lastIndexOf(marker) + marker.length;
        const [first = '', second = ''] = path.slice(at).split(sep);
        return path.slice(0, at) + (first.startsWith('@') ? join(first, second) : first);
      }),
  );
  return [...packages].toSorted().map(licenseOf).join('\n');
}

function licenseOf(directory: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  // A package of fonts may have a licence for its code and one for its fonts.
  const files = readdirSync(directory).filter((entry) => /^licen[cs]e/i.test(entry));
  const text = files.map((file) => readFileSync(join(directory, file), 'utf8').trim()).join('\n\n');
  return `=== ${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
}
