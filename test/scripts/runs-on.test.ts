import { expect, test } from 'vitest';
import { neededBeyond } from '../../scripts/runs-on.ts';

const executable = (...names: string[]): Buffer => Buffer.from(`\x7fELF\0${names.map((name) => `${name}\0`).join('')}`);

test('what RHEL 8 and Debian 11 have is no obstacle', () => {
  const names = ['libc.so.6', 'GLIBC_2.2.5', 'GLIBC_2.28', 'GLIBCXX_3.4', 'GLIBCXX_3.4.25', 'CXXABI_1.3.11'];
  expect(neededBeyond(executable(...names))).toEqual([]);
});

test('newer versions, and a library that they lack, are named once', () => {
  const names = ['GLIBC_2.34', 'GLIBC_2.34', 'GLIBC_2.100', 'GLIBCXX_3.4.26', 'CXXABI_1.3.12', 'libatomic.so.1'];
  expect(neededBeyond(executable(...names))).toEqual([...new Set(names)]);
});

test('a version in a text is not one that is needed', () => {
  expect(neededBeyond(executable('needs GLIBC_2.34', 'GLIBC_2.34 or newer'))).toEqual([]);
});
