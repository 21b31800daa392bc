import { expect, test } from 'vitest';
import { codes, collectChecked, type Entry, fixtureHost } from '../fixture-host.ts';

const ALPINE = `NAME="Alpine Linux"
ID=Alpine
ID_LIKE="one two"
VERSION_ID='3.20.1'
VERSION_CODENAME=
PRETTY_NAME="Alpine \\"Linux\\" v3.20"
# ID=commented
not an assignment
`;
/** The beginning of a program for 64-bit little-endian ARM. */
const ELF_AARCH64 = Buffer.alloc(64);
ELF_AARCH64.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
ELF_AARCH64.writeUInt16LE(183, 18);

test('reads another root’s own words: its name, its architecture, its quotes', async () => {
  const host = fixtureHost({
    'usr/lib/os-release': ALPINE,
    'etc/os-release': { link: '../usr/lib/os-release' },
    'etc/hostname': 'web-1\n',
    'bin/busybox': ELF_AARCH64,
    'bin/sh': { link: '/bin/busybox' },
  });
  const document = await collectChecked('osRelease', host);
  expect(document.data).toEqual({
    ...{ id: 'alpine', idLike: ['one', 'two'], versionId: '3.20.1', prettyName: 'Alpine "Linux" v3.20' },
    ...{ hostname: 'web-1', architecture: 'aarch64' },
  });
  expect(document.limitations).toEqual([]);
});

test('without os-release there is nothing to say', async () => {
  const document = await collectChecked('osRelease', fixtureHost({}));
  expect(document.data).toBeUndefined();
  expect(codes(document)).toEqual(['NOT_PRESENT /usr/lib/os-release']);
});

test('an architecture that nothing tells is unknown, and said to be', async () => {
  const document = await collectChecked('osRelease', fixtureHost({ 'etc/os-release': '' }));
  expect(document.data).toEqual({ id: 'linux', idLike: [], hostname: '', architecture: 'unknown' });
  expect(codes(document)).toEqual(['NOT_PRESENT architecture']);
});

test.each<[string, Record<string, Entry>]>([
  ['/.dockerenv', { '.dockerenv': '' }],
  ['/run/.containerenv', { 'run/.containerenv': 'engine="podman"' }],
  ['lxc', { 'run/systemd/container': 'lxc\n' }],
  ['systemd-nspawn', { 'proc/1/environ': 'PATH=/bin\0container=systemd-nspawn\0' }],
])('a container is told by %s', async (container, entries) => {
  const document = await collectChecked('osRelease', fixtureHost({ 'etc/os-release': 'ID=debian', ...entries }));
  expect(document.data?.container).toBe(container);
});
