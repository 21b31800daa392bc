import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detectKind } from '../../../packages/server/src/feeds/sources/feed-kind.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

test.each([
  ['<!DOCTYPE html><html><title>Sign in</title>', 'it is a web page'],
  ['\n <HTML lang="en"><body>403', 'it is a web page'],
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['{"message": "rate limited"}', 'nothing tells what it is'],
])('%j is refused: %s', async (text, reason) => {
  const file = join(temporaryDirectory(), 'feed');
  writeFileSync(file, text);
  await expect(detectKind(file)).rejects.toThrow(reason);
});

test('updateinfo is told by its XML', async () => {
  const file = join(temporaryDirectory(), 'feed');
  writeFileSync(file, '<?xml version="1.0"?><updates></updates>');
  expect(await detectKind(file)).toBe('updateinfo');
});
