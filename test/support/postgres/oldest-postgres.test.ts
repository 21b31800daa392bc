import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { oldestPostgres } from './oldest-postgres.ts';

test('the oldest version that is supported and not the usual one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-versions-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  expect(oldestPostgres(folder)).toBeUndefined();
  const install = (version: string): void => {
    mkdirSync(join(folder, version, 'bin'), { recursive: true });
    writeFileSync(join(folder, version, 'bin/initdb'), '');
  };
  for (const version of ['9.6', '13', '18', 'common']) install(version);
  expect(oldestPostgres(folder)).toBeUndefined();
  for (const version of ['17', '16']) install(version);
  expect(oldestPostgres(folder)).toBe(join(folder, '16/bin'));
  mkdirSync(join(folder, '15'));
  expect(oldestPostgres(folder), 'a version without its server').toBeUndefined();
  expect(oldestPostgres(join(folder, 'absent'))).toBeUndefined();
});
