import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apk, apkLegacy } from '../../../packages/server/src/domain/versions/apk.ts';
import { dpkg } from '../../../packages/server/src/domain/versions/dpkg.ts';
import { rpm } from '../../../packages/server/src/domain/versions/rpm.ts';
import { propertyRuns } from '../../support/effort.ts';
import { sharedFile, skipNote } from '../../support/shared-data.ts';

/** From the oldest to the newest; versions in one list are equal. */
const ladders: Record<string, { order: typeof dpkg; ladder: string[][] }> = {
  dpkg: {
    order: dpkg,
    ladder: [
      ['1.0~~', '0:1.0~~'],
      ['1.0~rc1'],
      ['1.0', '1.0-0', '0:1.0', '01.0', '1.00'],
      ['1.0-1'],
      ['1.0-1+b1'],
      ['1.0-1+deb12u1'],
      ['1.0-1+deb12u2'],
      ['1.0-1.1'],
      ['1.0-10'],
      ['1.0a'],
      ['1.0+b'],
      ['2.05', '2.5'],
      ['1:0.1'],
    ],
  },
  rpm: {
    order: rpm,
    ladder: [
      ['1.0~rc1'],
      ['1.0', '0:1.0', '01.0', '1_0'],
      ['1.0-1.el8'],
      ['1.0-1.el9_2', '1.0-1.el9.2'],
      ['1.0-10.el9'],
      ['1.0^git1'],
      ['1.0.a'],
      ['1.0.1'],
      ['10.1', '10.0001'],
      ['1:0.1'],
    ],
  },
  apk: {
    order: apk,
    ladder: [
      ['1.2_alpha1'],
      ['1.2_rc3'],
      ['1.2'],
      ['1.2-r0'],
      ['1.2-r3'],
      ['1.2_git20200101'],
      ['1.2_p1'],
      ['1.2a'],
      ['1.2.0'],
      ['1.2.06'],
      ['1.2.4'],
      ['1.10'],
      ['2'],
    ],
  },
};

describe.each(Object.entries(ladders))('%s', (_name, { order, ladder }) => {
  test('sorts by its own rules', () => {
    const flat = ladder.flatMap((equal, rank) => equal.map((version) => ({ version, rank })));
    for (const a of flat) {
      for (const b of flat) {
        const sign = Math.sign(order.compare(a.version, b.version));
        expect([a.version, b.version, sign]).toEqual([a.version, b.version, Math.sign(a.rank - b.rank)]);
      }
    }
  });

  const versions = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0019aAz.+~^:-_'), maxLength: 12 }),
    fc.constantFrom(...ladder.flat()),
    fc.string({ maxLength: 8 }),
  );
  test('is antisymmetric and transitive for any text', () => {
    fc.assert(
      fc.property(versions, versions, versions, (a, b, c) => {
        const sign = (x: string, y: string): number => Math.sign(order.compare(x, y));
        expect(sign(a, b)).toBe(-sign(b, a) + 0);
        expect(sign(a, a)).toBe(0);
        const [low, middle, high] = [a, b, c].toSorted((x, y) => sign(x, y)) as [string, string, string];
        expect(sign(low, middle)).toBeLessThanOrEqual(0);
        expect(sign(middle, high)).toBeLessThanOrEqual(0);
        expect(sign(low, high)).toBeLessThanOrEqual(0);
      }),
      { numRuns: propertyRuns(3000) },
    );
  });

  test('knows what is no version', () => {
    for (const version of ladder.flat()) expect([version, order.isValid(version)]).toEqual([version, true]);
    for (const text of ['', ' ', '1 0', '1.0\n', '1'.repeat(300), 'é1', '1:2:']) {
      expect([text, order.isValid(text)]).toEqual([text, text === '1:2:' && order === dpkg]);
    }
  });
});

test('apk versions with digits after the letter are ordered as apk-tools 2 does', () => {
  expect(apk.isValid('6.6.4p1-r2')).toBe(false);
  expect(apkLegacy.isValid('6.6.4p1-r2')).toBe(true);
  expect(apkLegacy.compare('6.6.4p1-r2', '6.6.4p9-r2')).toBeLessThan(0);
  expect(apkLegacy.compare('6.6.4p1-r2', '6.6.4p1-r2')).toBe(0);
});

describe.each([
  ['dpkg', dpkg, 'deb'],
  ['rpm', rpm, 'rpm'],
  ['apk', apk, 'apk'],
] as const)("%s, against the tool's own answers", (_name, order, name) => {
  const { file, absent } = sharedFile(`data/versions/${name}-pairs.tsv.gz`);
  test.skipIf(absent)(`every pair${skipNote(absent)}`, () => {
    const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(10_000);
    const wrong = lines.filter((line) => {
      const [a = '', b = '', answer] = line.split('\t');
      return Math.sign(order.compare(a, b)) !== Number(answer);
    });
    expect(wrong).toEqual([]);
  });
});
