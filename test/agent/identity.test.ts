import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openIdentities } from '@assay/agent/identity.ts';
import { expect, test } from 'vitest';
import { temporaryDirectory } from './agent-server.ts';

const ID = 'i-0123456789abcdef0';

test('the key to enrol with is on disk before it is given, and stays the same until it is an agent', () => {
  const directory = join(temporaryDirectory(), 'a', 'b');
  const first = openIdentities(directory).keyToEnroll();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'identity.json')).mode & 0o777).toBe(0o600);
  const identities = openIdentities(directory);
  expect(identities.enrolled()).toBeUndefined();
  expect(identities.keyToEnroll().equals(first)).toBe(true);
  expect(identities.keep(ID).privateKey.equals(first)).toBe(true);
  const enrolled = openIdentities(directory).enrolled();
  expect(enrolled?.agentId).toBe(ID);
  expect(enrolled?.privateKey.equals(first)).toBe(true);
  expect(readdirSync(directory)).toEqual(['identity.json']);
});

test('an agent that enrols again keeps its identity until the new one is there', () => {
  const directory = temporaryDirectory();
  const identities = openIdentities(directory);
  const former = identities.keyToEnroll();
  identities.keep(ID);
  const next = identities.keyToEnroll();
  expect(next.equals(former)).toBe(false);
  const reopened = openIdentities(directory);
  expect(reopened.enrolled()?.privateKey.equals(former)).toBe(true);
  expect(reopened.keyToEnroll().equals(next)).toBe(true);
  reopened.keep('i-0123456789abcdef1');
  expect(openIdentities(directory).enrolled()?.agentId).toBe('i-0123456789abcdef1');
});

test.skipIf(process.platform !== 'linux')('a state directory where nothing can be made is refused at once', () => {
  for (const path of ['/proc/assay', '/proc/self/a/b']) {
    expect(() => openIdentities(path)).toThrow(`The state directory ${path} cannot be made: ENOENT`);
  }
});

test('a file that others can read is refused', () => {
  const directory = temporaryDirectory();
  openIdentities(directory).keyToEnroll();
  chmodSync(join(directory, 'identity.json'), 0o640);
  expect(() => openIdentities(directory)).toThrow(/chmod 600 .*identity\.json/);
});

test.each(['', '{', 'null', '{"version":2}', '{"version":1,"enrolled":{"agentId":"x"}}'])(
  'a damaged file is refused and left as it is: %j',
  (content) => {
    const directory = temporaryDirectory();
    const file = join(directory, 'identity.json');
    writeFileSync(file, content, { mode: 0o600 });
    expect(() => openIdentities(directory)).toThrow('is damaged');
    expect(readFileSync(file, 'utf8')).toBe(content);
  },
);

test('a key that is none is refused', () => {
  const directory = temporaryDirectory();
  const content = JSON.stringify({ version: 1, enrolled: { agentId: ID, privateKey: 'AAAA' } });
  writeFileSync(join(directory, 'identity.json'), content, { mode: 0o600 });
  expect(() => openIdentities(directory).enrolled()).toThrow('is damaged');
});

test('a directory that cannot be made is said', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => openIdentities(join(file, 'x'))).toThrow('cannot be made');
});
