import { join } from 'node:path';
import { readRegularFile } from '@assay/agent/host/read-regular-file.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { expect, test } from 'vitest';
import { fixtureHost } from '../fixture-host.ts';

test('reads up to its bound and refuses one byte more', async () => {
  const host = fixtureHost({ full: 'x'.repeat(100), over: 'x'.repeat(101) });
  expect(await readRegularFile(host, '/full', 100)).toEqual({ ok: true, value: Buffer.from('x'.repeat(100)) });
  expect(await readRegularFile(host, '/over', 100)).toMatchObject({ ok: false, code: 'TOO_LARGE' });
});

test('a file of /proc, which says that it is empty, is read and bounded all the same', async () => {
  const host = await openHost();
  expect(await readRegularFile(host, '/proc/self/status', 1_000_000)).toMatchObject({ ok: true });
  expect(await readRegularFile(host, '/proc/self/status', 10)).toMatchObject({ ok: false, code: 'TOO_LARGE' });
});

test('a FIFO, a device and a directory are refused at once', async () => {
  const host = fixtureHost({ directory: { directory: 0o755 }, fifo: { fifo: true } });
  const fifo = join(host.root, 'fifo');
  expect(await readRegularFile(host, '/fifo', 10)).toMatchObject({
    code: 'UNREADABLE',
    detail: 'a FIFO, not a regular file',
  });
  expect(await readRegularFile(host, '/directory', 10)).toMatchObject({ code: 'UNREADABLE' });
  const own = await openHost();
  expect(await readRegularFile(own, fifo, 10)).toMatchObject({ code: 'UNREADABLE' });
  expect(await readRegularFile(own, '/dev/zero', 10)).toMatchObject({ code: 'UNREADABLE' });
  expect(await readRegularFile(own, '/dev/null/x', 10)).toMatchObject({ code: 'NOT_PRESENT' });
});

test('a name that no file can have is refused, not thrown', async () => {
  const host = await openHost();
  expect(await readRegularFile(host, '/etc/a\0b', 10)).toMatchObject({ ok: false, code: 'UNREADABLE' });
  expect(await readRegularFile(host, `/${'a'.repeat(5000)}`, 10)).toMatchObject({ ok: false, code: 'UNREADABLE' });
});
