import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readBdb } from '@assay/agent/collect/packages/rpm-database/read-bdb.ts';
import { readNdb } from '@assay/agent/collect/packages/rpm-database/read-ndb.ts';
import { openHost } from '@assay/agent/open-host.ts';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { rpmHeader } from '../../support/rpm-root.ts';
import { collectChecked, fixtureHost } from '../fixture-host.ts';

const bash = rpmHeader({
  1000: 'bash',
  1001: '5.1.8',
  1002: '9.el9',
  1011: 'Rocky Enterprise Software Foundation',
  1022: 'x86_64',
  1044: 'bash-5.1.8-9.el9.src.rpm',
});
const nodejs = rpmHeader({
  1000: 'nodejs',
  1001: '18.1',
  1002: '1.el9',
  1003: 1,
  1044: 'nodejs-18.1-1.el9.src.rpm',
  5096: 'nodejs:18:1:a',
  // Longer than a page of any of the data bases.
  1005: 'x'.repeat(9_000),
});
const key = rpmHeader({ 1000: 'gpg-pubkey', 1001: 'fd431d51', 1002: '4ae0493b' });
const headers = [bash, nodejs, key];
const packages = [
  { name: 'bash', version: '5.1.8-9.el9', architecture: 'x86_64', vendor: 'Rocky Enterprise Software Foundation' },
  { name: 'nodejs', version: '1:18.1-1.el9', module: 'nodejs:18:1:a' },
];

/** Packages.db: a page of slots, then the headers on blocks of 16 bytes. */
function ndb(blobs: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  const parts: Buffer[] = [slots];
  let at = 4096;
  for (let slot = 2; slot < 256; slot++) slots.write('Slot', slot * 16, 'latin1');
  for (const [index, blob] of blobs.entries()) {
    const room = Buffer.alloc(Math.ceil((16 + blob.length + 12) / 16) * 16);
    room.write('BlbS', 0, 'latin1');
    room.writeUInt32LE(index + 1, 4);
    room.writeUInt32LE(blob.length, 12);
    blob.copy(room, 16);
    // A slot of a removed package stays between.
    const slot = (index * 2 + 2) * 16;
    slots.writeUInt32LE(index + 1, slot + 4);
    slots.writeUInt32LE(at / 16, slot + 8);
    parts.push(room);
    at += room.length;
  }
  return Buffer.concat(parts);
}

/** Packages: a hash of Berkeley DB with one page of entries, long values on pages of their own. */
function bdb(blobs: readonly Buffer[], little: boolean): Buffer {
  const size = 4096;
  const u32 = (page: Buffer, value: number, at: number) =>
    little ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at);
  const u16 = (page: Buffer, value: number, at: number) =>
    little ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at);
  const [meta, hash] = [Buffer.alloc(size), Buffer.alloc(size)];
  u32(meta, 0x00061561, 12);
  u32(meta, size, 20);
  hash[25] = 13;
  const pages = [meta, hash];
  let [free, entry] = [size, 0];
  const put = (bytes: Buffer): void => {
    free -= bytes.length;
    bytes.copy(hash, free);
    u16(hash, free, 26 + entry++ * 2);
  };
  // Key 0 has a counter.
  for (const [index, blob] of [Buffer.alloc(4), ...blobs].entries()) {
    put(Buffer.from([1, index, 0, 0, 0]));
    if (blob.length < 1000) {
      put(Buffer.concat([Buffer.from([1]), blob]));
      continue;
    }
    const item = Buffer.alloc(12);
    item[0] = 3;
    u32(item, pages.length, 4);
    u32(item, blob.length, 8);
    put(item);
    for (let at = 0; at < blob.length; at += size - 26) {
      const page = Buffer.alloc(size);
      const part = blob.subarray(at, at + size - 26);
      page[25] = 7;
      u16(page, part.length, 22);
      u32(page, at + part.length < blob.length ? pages.length + 1 : 0, 16);
      part.copy(page, 26);
      pages.push(page);
    }
  }
  u16(hash, entry, 20);
  return Buffer.concat(pages);
}

function sqlite(
  blobs: readonly Buffer[],
  make = 'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)',
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'assay-rpmdb-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const database = new DatabaseSync(join(folder, 'rpmdb.sqlite'));
  database.exec(make);
  for (const blob of blobs) database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(blob);
  database.close();
  return readFileSync(join(folder, 'rpmdb.sqlite'));
}

test.each([
  ['sqlite', 'var/lib/rpm/rpmdb.sqlite', () => sqlite(headers)],
  ['ndb', 'usr/lib/sysimage/rpm/Packages.db', () => ndb(headers)],
  ['Berkeley DB', 'var/lib/rpm/Packages', () => bdb(headers, true)],
  ['Berkeley DB of the other byte order', 'var/lib/rpm/Packages', () => bdb(headers, false)],
])('%s is read where rpm is not run', async (_, path, file) => {
  const document = await collectChecked('packages', fixtureHost({ [path]: file() }));
  expect(document.limitations).toEqual([]);
  expect(document.data?.databases).toEqual([{ manager: 'rpm', packages }]);
});

test('what is not a data base of rpm is said, beside that rpm was not run', async () => {
  const view = sqlite(
    [],
    'CREATE VIEW Packages AS WITH RECURSIVE n AS (SELECT 1 AS blob UNION ALL SELECT 1 FROM n) SELECT * FROM n',
  );
  for (const [path, file] of [
    ['var/lib/rpm/rpmdb.sqlite', Buffer.from('no data base')],
    ['var/lib/rpm/rpmdb.sqlite', view],
    ['var/lib/rpm/Packages.db', Buffer.alloc(5000)],
    ['var/lib/rpm/Packages', Buffer.alloc(5000)],
    ['var/lib/rpm/Packages.db', ndb([Buffer.from('no header')])],
    ['var/lib/rpm/Packages.db', ndb([bash]).subarray(0, 4100)],
  ] as const) {
    const { data, limitations } = await collectChecked('packages', fixtureHost({ [path]: file }));
    expect(data).toBeUndefined();
    expect(limitations.map(({ code }) => code)).toEqual(['UNSUPPORTED', 'UNREADABLE']);
  }
});

test('whatever bytes a data base has, reading it ends', () => {
  const files = [ndb(headers), bdb(headers, true)];
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1),
      fc.array(fc.tuple(fc.nat({ max: 9000 }), fc.nat({ max: 255 })), { maxLength: 6 }),
      (which, bytes) => {
        const file = Buffer.from(files[which] ?? Buffer.alloc(0));
        for (const [at, value] of bytes) if (at < file.length) file[at] = value;
        try {
          for (const blob of (which === 0 ? readNdb : readBdb)(file))
            expect(blob.length).toBeLessThanOrEqual(file.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      },
    ),
    { numRuns: 300 },
  );
});

const tools = ['rpm', 'rpmbuild'].every((tool) => spawnSync(tool, ['--version']).status === 0);

test.skipIf(!tools)(
  `as rpm -qa tells it, of a data base that rpm wrote${tools ? '' : ' (SKIPPED: rpm and rpmbuild are not there)'}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-rpm-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const root = join(folder, 'root');
    mkdirSync(root);
    writeFileSync(
      join(folder, 'tool.spec'),
      `Name: tool\nEpoch: 3\nVersion: 1.2~rc1\nRelease: 4.el9\nSummary: A tool\nLicense: MIT\nVendor: Example Inc.
BuildArch: noarch\nModularityLabel: tool:1:20260101:abc\n%description\nA tool.\n%package -n libtool1\nSummary: A library\nVersion: 9
%description -n libtool1\nA library.\n%files\n%files -n libtool1\n`,
    );
    const run = (command: string, args: string[]) =>
      execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    run('rpmbuild', ['-bb', '--define', `_topdir ${folder}/top`, 'tool.spec']);
    const built = ['tool-1.2~rc1-4', 'libtool1-9-4'].map((name) => `top/RPMS/noarch/${name}.el9.noarch.rpm`);
    const own = ['--root', root, '--dbpath', '/var/lib/rpm'];
    run('rpm', [...own, '-i', '--justdb', '--nodeps', ...built]);
    const format = '%{NAME} %{EPOCH}:%{VERSION}-%{RELEASE} %{ARCH} %{VENDOR} %{MODULARITYLABEL}\\n';
    const told = run('rpm', [...own, '-qa', '--qf', format])
      .trim()
      .split('\n');
    const { data, limitations } = await collectChecked('packages', await openHost(root));
    expect(limitations).toEqual([]);
    const read = (data?.databases[0]?.packages ?? []).map(
      ({ name, version, architecture, vendor, module }) => `${name} ${version} ${architecture} ${vendor} ${module}`,
    );
    expect(read.sort()).toEqual(told.sort());
    expect(read).toHaveLength(2);
  },
);
