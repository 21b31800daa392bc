import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly source?: string;
}

/** A root file system of Debian 12 with as much in it as packages and the operating system are told from. */
export function writeDebianRoot(root: string, packages: readonly InstalledPackage[]): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('etc/os-release', 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n');
  write('etc/hostname', 'mounted\n');
  const stanzas = packages.map(
    ({ name, version, source }) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n${source ? `Source: ${source}\n` : ''}Version: ${version}\n`,
  );
  write('var/lib/dpkg/status', stanzas.join('\n'));
}

/** Debian's record of a CVE in a source package, in OSV; `fixed` null where there is no fix. */
export const debianRecord = (cve: string, source: string, fixed: string | null, more: object = {}) => ({
  id: `DEBIAN-${cve}`,
  modified: '2026-01-01T00:00:00Z',
  upstream: [cve],
  details: `Something is wrong with ${source}.`,
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: source },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])] }],
      ...more,
    },
  ],
});

/** A file of OSV records, one a line, gzip-compressed. */
export function writeFeed(path: string, records: readonly object[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(records.map((record) => `${JSON.stringify(record)}\n`).join('')));
}
