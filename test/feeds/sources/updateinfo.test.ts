import { describe, expect, test } from 'vitest';
import type { FeedOutcome } from '../../../packages/server/src/feeds/imported-record.ts';
import { updateinfoFile } from '../../../packages/server/src/feeds/sources/updateinfo.ts';
import { collected, testFile } from '../fixture-files.ts';

const read = (xml: string): Promise<FeedOutcome[]> => collected(updateinfoFile(testFile('updateinfo.xml', xml)));
const pkg = (name: string, version: string, release: string, epoch = '0'): string =>
  ['x86_64', 'aarch64']
    .map(
      (arch) =>
        `<package arch="${arch}" name="${name}" version="${version}" release="${release}" epoch="${epoch}"><filename>x</filename></package>`,
    )
    .join('');
const update = (id: string, packages: string, cve = 'CVE-2024-1000'): string => `
  <update status="final" version="1.4" author="linux-security@amazon.com" type="security" from="x">
    <id>${id}</id><title>Amazon Linux ${id}: important &amp; more</title>
    <issued date="2024-01-16 18:48" /><updated date="2024-01-18 22:31" />
    <severity>important</severity><description>Package updates.</description>
    <references><reference href="https://alas.example/${id}" id="${id}" type="self"/>
    <reference href="http://cve.example" id="${cve}" title="" type="cve" /></references>
    <pkglist><collection short="amazon-linux-2"><name>x</name>${packages}</collection></pkglist>
  </update>`;
const updates = (...all: string[]): string => `<?xml version="1.0" ?><updates>${all.join('')}</updates>`;

async function introducedOf(id: string, packages: string): Promise<unknown> {
  const [outcome] = await read(updates(update(id, packages)));
  if (!outcome || !('item' in outcome) || outcome.item.kind !== 'advisory') throw new Error(JSON.stringify(outcome));
  return outcome.item.advisory.entries[0]?.affected.ranges[0]?.[0];
}

test('an update is an advisory by binary package, with epochs, each once for all architectures', async () => {
  expect(await read(updates(update('ALAS2-2024-939', pkg('kernel', '4.14.62', '65.117.amzn2'))))).toMatchObject([
    {
      item: {
        advisory: {
          record: {
            id: 'ALAS2-2024-939',
            kind: 'ADVISORY',
            cves: ['CVE-2024-1000'],
            rating: 'important',
            summary: 'Amazon Linux ALAS2-2024-939: important & more',
            link: 'https://alas.example/ALAS2-2024-939',
            published: '2024-01-16T18:48:00Z',
            modified: '2024-01-18T22:31:00Z',
          },
          entries: [
            {
              ecosystem: 'Amazon Linux:2',
              affected: { package: 'kernel', ranges: [[{ introduced: '0' }, { fixed: '0:4.14.62-65.117.amzn2' }]] },
            },
          ],
        },
      },
    },
  ]);
});

test('an update of Oracle Linux is of the release that its builds are of', async () => {
  const packages =
    pkg('openssh', '8.7p1', '38.0.2.el9_4.1') + pkg('nodejs', '18.20.2', '1.module+el9.4.0+90314+1', '1');
  expect(await read(updates(update('ELSA-2024-4312', packages)))).toMatchObject([
    {
      item: {
        advisory: {
          record: { id: 'ELSA-2024-4312', kind: 'ADVISORY', cves: ['CVE-2024-1000'] },
          entries: [
            {
              ecosystem: 'Oracle Linux:9',
              affected: { package: 'openssh', ranges: [[{ introduced: '0' }, { fixed: '0:8.7p1-38.0.2.el9_4.1' }]] },
            },
            { ecosystem: 'Oracle Linux:9', affected: { package: 'nodejs' } },
          ],
        },
      },
    },
  ]);
  expect(await read(updates(update('ELSA-2024-4312', pkg('openssh', '8.7p1', '38'))))).toEqual([
    { refusal: 'unreadable', what: 'ELSA-2024-4312', reason: 'a package is of no release of Oracle Linux' },
  ]);
});

describe('the extras of Amazon Linux 2 have several versions side by side', () => {
  test.each([
    ['ALASKERNEL-5.4-2022-001', pkg('kernel', '5.4.172', '90.336.amzn2'), '5.4'],
    ['ALAS2KERNEL-5.10-2024-001', pkg('kernel', '5.10.1', '1.amzn2'), '5.10'],
    ['ALASPHP8.0-2023-001', pkg('php', '8.0.30', '1.amzn2'), '8.0'],
    ['ALASCORRETTO8-2023-001', pkg('java', '1.8.0_372', '1.amzn2', '1'), '0'],
    ['ALAS2023-2023-001', pkg('openssl', '3.0.8', '1.amzn2023.0.2', '1'), '0'],
    ['ALAS-2018-939', pkg('kernel', '4.9.76', '3.78.amzn1'), '0'],
  ])('%s', async (id, packages, introduced) => expect(await introducedOf(id, packages)).toEqual({ introduced }));
});

test('an update that cannot be read is named, one without a CVE left out, and the rest taken', async () => {
  const good = pkg('a', '1', '1.amzn2023');
  const outcomes = await read(
    updates(
      update('ALAS2-2024-1', pkg('a', '1', '1.el7')),
      update('ALAS2-2024-2', good, 'GHSA-1'),
      update('ALAS2-2024-3', good),
    ),
  );
  expect(outcomes.map((outcome) => ('refusal' in outcome ? outcome.refusal : 'taken'))).toEqual([
    'unreadable',
    'names no CVE',
    'taken',
  ]);
});

describe('hostile XML ends the feed', () => {
  const lol = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>';
  test.each([
    ['a document type', `<?xml version="1.0"?>${lol}<updates>&lol2;</updates>`],
    ['an entity of a file', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><updates>&f;</updates>'],
    ['an entity that nobody declared', '<updates>&lol;</updates>'],
    ['cut short', updates(update('ALAS2-2024-1', '')).slice(0, -20)],
    ['another document', '<rss></rss>'],
    ['too deep', `<updates>${'<a>'.repeat(30)}${'</a>'.repeat(30)}</updates>`],
    ['no XML', 'hello'],
    ['nothing', ''],
  ])('%s', async (_, xml) => await expect(read(xml)).rejects.toThrow(/document type|broken|no updateinfo|deep/));
});
