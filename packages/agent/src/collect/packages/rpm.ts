import { type Collection, commandLine, note, recordSource, runTool } from '../../collection.ts';
import { locate } from '../../host/locate.ts';
import { MAX_DATABASE_BYTES, type Package } from './package.ts';
import { readRpmDatabase } from './rpm-database/read-rpm-database.ts';
import { rpmPackage } from './rpm-package.ts';

const DATABASES = ['/var/lib/rpm', '/usr/lib/sysimage/rpm'].flatMap((directory) =>
  ['rpmdb.sqlite', 'Packages.db', 'Packages'].map((file) => `${directory}/${file}`),
);
/** `RSA/SHA256, Mon 01 Jan 2024, Key ID 199e2f91fd431d51`. */
const SIGNATURE = 'RSAHEADER:pgpsig';
const TAGS = [
  'NAME',
  'EPOCH',
  'VERSION',
  'RELEASE',
  'ARCH',
  'SOURCERPM',
  'MODULARITYLABEL',
  'VENDOR',
  SIGNATURE,
  'SUMMARY',
];
/** MODULARITYLABEL came with rpm 4.15; an older rpm refuses the whole format. */
const OLD_TAGS = TAGS.filter((tag) => tag !== 'MODULARITYLABEL');

/**
 * Every installed package, as the rpm program tells it or, where that cannot be asked, as its data base holds it; undefined
 * where there is neither.
 */
export async function readRpm(collection: Collection): Promise<Package[] | undefined> {
  const database = await findDatabase(collection);
  const before = collection.limitations.length;
  const asked = await askRpm(collection, database);
  if (asked || database === undefined) return asked;
  const why = collection.limitations.splice(before);
  const read = await readRpmDatabase(collection, database);
  // That the program could not be asked matters only where its file does not tell the same.
  if (!read) collection.limitations.splice(before, 0, ...why);
  return read;
}

async function askRpm(collection: Collection, database: string | undefined): Promise<Package[] | undefined> {
  for (const tags of [TAGS, OLD_TAGS]) {
    const args = ['-qa', '--qf', `${tags.map((tag) => `%{${tag}}`).join('\\t')}\\n`];
    const output = await runTool(collection, 'rpm', args, {
      maxBytes: MAX_DATABASE_BYTES,
      // Without a data base there is nothing that the program would have told.
      quiet: database === undefined ? ['NOT_PRESENT', 'UNSUPPORTED'] : [],
    });
    if (!output) return undefined;
    if (output.exitCode !== 0) {
      if (tags === TAGS && /unknown tag/i.test(output.stderr)) continue;
      // The program is there as a mere tool, as on Debian.
      if (database === undefined) return undefined;
      note(collection, 'UNREADABLE', commandLine('rpm', args), `exit ${output.exitCode}: ${output.stderr.trim()}`);
      return undefined;
    }
    const packages = parseLines(collection, output.stdout, tags);
    if (packages.length === 0 && database === undefined) return undefined;
    recordSource(collection, commandLine('rpm', args), output.stdout);
    return packages;
  }
  return undefined;
}

async function findDatabase(collection: Collection): Promise<string | undefined> {
  for (const path of DATABASES) {
    const found = await locate(collection.host, path);
    if (found.ok || found.code === 'PERMISSION_DENIED') return path;
  }
  return undefined;
}

function parseLines(collection: Collection, stdout: string, tags: readonly string[]): Package[] {
  const packages: Package[] = [];
  const lines = stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
  const tagOf = (values: readonly string[], name: string): string | undefined => {
    const value = values[tags.indexOf(name)];
    return value === '(none)' || value === '' ? undefined : value;
  };
  // Keys that signatures are checked with are kept among the packages, each under the end of its number.
  const keys = new Map<string, string>();
  for (const values of lines) {
    if (tagOf(values, 'NAME') !== 'gpg-pubkey') continue;
    const owner = /^gpg\((.*)\)$/.exec(tagOf(values, 'SUMMARY') ?? '')?.[1];
    const id = tagOf(values, 'VERSION');
    if (owner && id) keys.set(id.toLowerCase().slice(-8), owner);
  }
  for (const values of lines) {
    const tag = (name: string): string | undefined => tagOf(values, name);
    const name = tag('NAME');
    if (name === 'gpg-pubkey') continue;
    const key = /Key ID ([0-9a-f]{8,40})/i.exec(tag(SIGNATURE) ?? '')?.[1]?.toLowerCase();
    const installed = rpmPackage({
      name,
      epoch: tag('EPOCH'),
      version: tag('VERSION'),
      release: tag('RELEASE'),
      architecture: tag('ARCH'),
      sourceRpm: tag('SOURCERPM'),
      module: tag('MODULARITYLABEL'),
      vendor: tag('VENDOR'),
      signer: key === undefined ? undefined : (keys.get(key.slice(-8)) ?? key),
    });
    if (installed) packages.push(installed);
    else note(collection, 'UNREADABLE', 'rpm -qa', `a line without a usable name or version: ${name ?? '?'}`);
  }
  return packages;
}
