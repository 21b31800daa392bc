import { expect, test } from 'vitest';
import { detectKind } from '../../../packages/server/src/feeds/sources/feed-kind.ts';
import { photonFile } from '../../../packages/server/src/feeds/sources/photon.ts';
import { collected, testFile } from '../fixture-files.ts';

const entry = (cve_id: unknown, status: unknown, res_ver: unknown = 'NA', pkg: unknown = 'thing'): object => ({
  ...{ cve_id, pkg, res_ver, status },
  cve_score: 7.5,
  aff_ver: 'NA',
});
const fix = entry('CVE-2024-1000', 'Fixed', '1.2-1.ph5');
const read = (...entries: unknown[]) =>
  collected(photonFile(testFile('cve_data_photon5.0.json', JSON.stringify(entries))));
const ranges = (outcome: unknown): unknown =>
  (outcome as { item: { advisory: { entries: { affected: object }[] } } }).item.advisory.entries.map(
    ({ affected }) => affected,
  );

test('fixed, not affected, and whatever else as open', async () => {
  const [fixed, never, open] = await read(fix, entry('CVE-2024-1001', 'Not Affected'), entry('CVE-2024-1002', 'Open'));
  expect(fixed).toMatchObject({ item: { advisory: { record: { id: 'PHOTON-CVE-2024-1000', kind: 'CVE' } } } });
  expect(ranges(fixed)).toMatchObject([{ ranges: [[{ introduced: '0' }, { fixed: '1.2-1.ph5' }]] }]);
  expect(ranges(never)).toMatchObject([{ disposition: 'NOT_AFFECTED' }]);
  expect(ranges(open)).toMatchObject([{ ranges: [[{ introduced: '0' }]] }]);
});

test.each([
  ['an id of another kind', entry('BDSA-2025-1', 'Fixed', '1-1.ph5'), 'names no CVE'],
  ['no fix of what is fixed', entry('CVE-2024-1001', 'Fixed'), undefined],
  ['a fix of what is not', entry('CVE-2024-1001', 'Waiting', '1-1.ph5'), 'unreadable'],
  ['no status', entry('CVE-2024-1001', null), 'unreadable'],
  ['a package that is none', entry('CVE-2024-1001', 'Fixed', '1-1.ph5', 7), 'unreadable'],
  ['null', null, 'unreadable'],
])('%s is said, and costs no other entry', async (_, odd, refusal) => {
  const [first, second] = await read(odd, fix);
  expect((first as { refusal?: string }).refusal).toBe(refusal);
  expect(second).toHaveProperty('item');
});

test.each([[[entry('CVE-2024-1001', 'Not Affected')]], [[fix, entry('CVE-2024-1001', 'Fixed', '1-1.ph4')]], [[]]])(
  'a list that does not tell its release is refused',
  async (entries) => {
    await expect(read(...entries)).rejects.toThrow(/release/);
  },
);

test('it is known by its first bytes', async () => {
  expect(await detectKind(testFile('x.json', JSON.stringify([fix])))).toBe('photon');
});
