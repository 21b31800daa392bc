import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** An rpm header of texts and 32-bit numbers by their tags, as data bases hold it. */
export function rpmHeader(tags: Readonly<Record<number, string | number>>): Buffer {
  const entries: Buffer[] = [];
  let data = Buffer.alloc(0);
  for (const [tag, value] of Object.entries(tags)) {
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(Number(tag), 0);
    entry.writeUInt32BE(typeof value === 'number' ? 4 : 6, 4);
    entry.writeUInt32BE(data.length, 8);
    entry.writeUInt32BE(1, 12);
    entries.push(entry);
    const bytes = typeof value === 'number' ? Buffer.alloc(4) : Buffer.from(`${value}\0`);
    if (typeof value === 'number') bytes.writeUInt32BE(value);
    data = Buffer.concat([data, bytes]);
  }
  const intro = Buffer.alloc(8);
  intro.writeUInt32BE(entries.length, 0);
  intro.writeUInt32BE(data.length, 4);
  return Buffer.concat([intro, ...entries, data]);
}

export interface RpmPackage {
  readonly name: string;
  /** `[epoch:]version-release`. */
  readonly version: string;
  /** Of the same version and release. */
  readonly source?: string;
  /** MODULARITYLABEL. */
  readonly module?: string;
}

/** A file system of Red Hat Enterprise Linux: os-release, an rpm data base of the packages, and further files by their paths. */
export function writeRhelRoot(
  root: string,
  versionId: string,
  packages: readonly RpmPackage[],
  files: Readonly<Record<string, string>> = {},
): void {
  const all = {
    'etc/os-release': `NAME="Red Hat Enterprise Linux"\nID="rhel"\nVERSION_ID="${versionId}"\n`,
    'etc/hostname': 'rhel.example\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, 'var/lib/rpm'), { recursive: true });
  const database = new DatabaseSync(join(root, 'var/lib/rpm/rpmdb.sqlite'));
  database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
  for (const { name, version: evr, source = name, module } of packages) {
    const [, epoch, version = '', release = ''] = /^(?:(\d+):)?([^-]+)-(.+)$/.exec(evr) ?? [];
    insert.run(
      rpmHeader({
        1000: name,
        1001: version,
        1002: release,
        ...(epoch === undefined ? {} : { 1003: Number(epoch) }),
        1011: 'Red Hat, Inc.',
        1022: 'x86_64',
        1044: `${source}-${version}-${release}.src.rpm`,
        ...(module === undefined ? {} : { 5096: module }),
      }),
    );
  }
  database.close();
}
