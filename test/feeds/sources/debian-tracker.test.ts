import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { debianTrackerFile } from '../../../packages/server/src/feeds/sources/debian-tracker.ts';
import { jsonMembers } from '../../../packages/server/src/feeds/sources/json-members.ts';
import { collected, testFile } from '../fixture-files.ts';

const release = async (of: object): Promise<unknown> => {
  const json = { thing: { 'CVE-2024-1000': { releases: { bookworm: of, sid: { status: 'open' } } } } };
  const [outcome] = await collected(debianTrackerFile(testFile('tracker.json', JSON.stringify(json))));
  return outcome;
};

describe('what Debian means to do', () => {
  test.each([
    [{ status: 'open', nodsa: 'Minor issue', nodsa_reason: '' }, 'DEFERRED'],
    [{ status: 'open', nodsa: 'Minor issue', nodsa_reason: 'postponed' }, 'DEFERRED'],
    [{ status: 'open', nodsa: 'Minor issue', nodsa_reason: 'ignored' }, 'WILL_NOT_FIX'],
    [{ status: 'undetermined' }, 'UNDETERMINED'],
    [{ status: 'resolved' }, 'NOT_AFFECTED'],
  ])('%j is %s', async (of, disposition) => {
    const item = { kind: 'disposition', ecosystem: 'Debian:12', package: 'thing', cve: 'CVE-2024-1000', disposition };
    expect(await release(of)).toEqual({ item });
  });

  test.each<[object, object]>([
    [
      { status: 'open', urgency: 'end-of-life' },
      { urgency: 'end-of-life', disposition: 'END_OF_LIFE' },
    ],
    [{ status: 'open', urgency: 'low' }, { urgency: 'low' }],
    [{ status: 'open', urgency: 5 }, {}],
    [{ status: 'resolved', fixed_version: '1.2-3' }, { fixed: '1.2-3' }],
    [
      { status: 'resolved', fixed_version: '0', urgency: 'unimportant' },
      { fixed: '0', urgency: 'unimportant' },
    ],
  ])('%j is %j', async (of, statement) => {
    const item = { kind: 'disposition', ecosystem: 'Debian:12', package: 'thing', cve: 'CVE-2024-1000', ...statement };
    expect(await release(of)).toEqual({ item });
  });

  test('a state or a release that is not known is named', async () => {
    expect(await release({ status: 'perhaps' })).toMatchObject({ refusal: 'unreadable', what: 'thing CVE-2024-1000' });
    const json = { thing: { 'CVE-2024-1000': { releases: { zurg: { status: 'open' } } }, 'TEMP-1-1': {} } };
    const outcomes = await collected(debianTrackerFile(testFile('tracker.json', JSON.stringify(json))));
    expect(outcomes).toMatchObject([{ refusal: 'unreadable', what: 'zurg' }]);
  });
});

describe('a large object, member by member', () => {
  async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  test('is as if it were parsed whole, wherever its bytes are cut', async () => {
    const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(object, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (value, size, spaced) => {
        const text = JSON.stringify(value, undefined, spaced ? 2 : 0);
        const members = Object.fromEntries(await collected(jsonMembers(pieces(text, size))));
        expect(JSON.stringify(members)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test.each(['', '[]', 'null', '{"a": 1', '{"a": 1}}', '{"a": 1} x', '{"a" 1}', '{"a": "', '{"a": 1,,}'])(
    '%j is none',
    async (text) => await expect(collected(jsonMembers(pieces(text, 3)))).rejects.toThrow(/no JSON|cut short/),
  );
});
