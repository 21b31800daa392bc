import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CliError } from '../../packages/server/src/runtime/cli-error.ts';
import { dataDirectoryPath, openDataDirectory } from '../../packages/server/src/runtime/data-directory.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-data-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const keyFile = (): string => join(directory, 'master.key');

test('the first start makes a key that only its owner can read, and every later one finds it', () => {
  const { masterKey } = openDataDirectory(directory);
  expect(masterKey).toHaveLength(32);
  expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, 'assay.db')).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory), 'no draft is left').toEqual(['assay.db', 'master.key']);
  expect(openDataDirectory(directory).masterKey).toEqual(masterKey);
});

test.skipIf(process.platform !== 'linux')('a place where nothing can be made is refused at once', () => {
  for (const path of ['/proc/assay', '/proc/self/a/b']) {
    expect(() => dataDirectoryPath(path)).toThrow(CliError);
    expect(() => openDataDirectory(path)).toThrow(CliError);
  }
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => openDataDirectory(file)).toThrow('is not a directory');
  expect(() => openDataDirectory(join(file, 'below'))).toThrow('cannot be used');
});

test('two directories have two keys', () => {
  const other = join(directory, 'other');
  expect(openDataDirectory(directory).masterKey).not.toEqual(openDataDirectory(other).masterKey);
  expect(statSync(other).mode & 0o777).toBe(0o700);
});

test.each([0o640, 0o604, 0o620, 0o601])('a key file of mode %o is refused with what to do', (mode) => {
  openDataDirectory(directory);
  chmodSync(keyFile(), mode);
  expect(() => openDataDirectory(directory)).toThrow(CliError);
  expect(() => openDataDirectory(directory)).toThrow(`chmod 600 ${keyFile()}`);
});

test.each(['', 'not hexadecimal', 'abcd'])('a key file with "%s" in it is refused, not made anew', (text) => {
  openDataDirectory(directory);
  writeFileSync(keyFile(), text);
  expect(() => openDataDirectory(directory)).toThrow(/must hold 64 hexadecimal digits/);
  expect(readFileSync(keyFile(), 'utf8')).toBe(text);
});

test('a directory that cannot be made is said in one line', () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  expect(() => openDataDirectory(join(file, 'below'))).toThrow(CliError);
  expect(() => openDataDirectory(join(file, 'below'))).toThrow(/^The data directory .* cannot be used: ENOTDIR/);
});
