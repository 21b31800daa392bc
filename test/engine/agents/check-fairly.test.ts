import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { checkDocument } from '../../../packages/server/src/engine/agents/check-document.ts';
import { checkFairly } from '../../../packages/server/src/engine/agents/check-fairly.ts';
import { createFairLine } from '../../../packages/server/src/engine/agents/fair-line.ts';

const MiB = 1024 * 1024;
const document = { kind: 'osRelease', schemaVersion: 1, collectedAt: 1, sources: [], limitations: [] };

/** What must be refused without building it: reviving is the cost that an attacker is after. */
const hostile: readonly (readonly [string, string, string])[] = [
  ['brackets', `${'['.repeat(MiB)}${']'.repeat(MiB)}`, 'TooDeep'],
  ['braces', '{"a":'.repeat(MiB), 'TooDeep'],
  ['lists side by side', `[${'[],'.repeat(MiB)}[]]`, 'TooManyValues'],
  ['numbers', `[${'0,'.repeat(2 * MiB)}0]`, 'TooManyValues'],
  ['members', `{${'"":0,'.repeat(MiB)}"":0}`, 'TooManyValues'],
  ['a member that is not known', JSON.stringify({ ...document, more: Array(100_000).fill(0) }), 'TooManyValues'],
];

test.each(hostile)('%s are refused before they are built, whatever the kind', async (_, json, code) => {
  const parsed = vi.spyOn(JSON, 'parse');
  for (const kind of ['osRelease', 'kernel', 'fileModes'] as const) {
    await expect(checkDocument(kind, gzipSync(json)), kind).rejects.toMatchObject({ code });
  }
  expect(parsed).not.toHaveBeenCalled();
  parsed.mockRestore();
});

test('brackets within texts are no depth', async () => {
  const limitations = [{ code: 'UNREADABLE', subject: '[{'.repeat(100), detail: '\\"[[[[[[[[[[[[[[[[[[[[[' }];
  const told = checkDocument('osRelease', gzipSync(JSON.stringify({ ...document, limitations })));
  await expect(told).resolves.toMatchObject({ collectedAt: 1000 });
});

test('small is what is small when it is unpacked', async () => {
  const large = vi.fn(checkDocument);
  const check = checkFairly(
    createFairLine(() => 0),
    large,
  );
  const small = gzipSync(JSON.stringify(document));
  const grows = gzipSync(JSON.stringify({ ...document, more: ' '.repeat(MiB) }));
  for (const content of [small, grows]) expect(content.length).toBeLessThan(2048);
  const answers = [
    check('a', 'osRelease', small),
    check('a', 'osRelease', grows),
    check('a', 'osRelease', Buffer.from('no')),
  ];
  const codes = await Promise.all(answers.map((answer) => answer.catch(({ code }: { code: string }) => code)));
  expect(codes[2]).toBe('NotDecompressible');
  expect(large).toHaveBeenCalledTimes(2);
});
