import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { removeContent } from '../../packages/server/src/content/add-content.ts';
import { readContent, writeContent } from '../../packages/server/src/content/content-directory.ts';
import { readTailoring } from '../../packages/server/src/content/read-tailoring.ts';
import { choiceOf, contentFor, profileFor } from '../../packages/server/src/domain/benchmarks.ts';
import { add, newContentDirectory, openCurrent } from '../support/scap.ts';
import { sharedFile, skipNote } from '../support/shared-data.ts';
import { smallStream } from '../support/small-stream.ts';

function given(content: string | Uint8Array, name = 'example-ds.xml') {
  const directory = newContentDirectory();
  const file = join(directory.dataDirectory, name);
  writeFileSync(file, content);
  return { directory, file };
}

test('a data stream is taken with its profiles, rules and texts, and again in place of itself', async () => {
  const { directory, file } = given(smallStream());
  const { added, leftOut } = await add(directory, file);
  expect([added.length, leftOut]).toEqual([1, []]);
  await add(directory, file);
  const content = openCurrent(directory);
  expect(content.all).toHaveLength(1);
  const [entry] = content.all;
  expect(entry).toMatchObject({ name: 'example-12', version: '0.1.82', date: '2026-09-07' });
  expect(
    entry?.profiles.map(({ level, role, rules, benchmark, version, released }) => [
      level,
      role,
      rules.length,
      benchmark,
      version,
      released,
    ]),
  ).toEqual([
    [1, 'server', 4, 'CIS Example 12 Benchmark', '1.1.0', '2024-09-26'],
    [2, 'server', 5, 'CIS Example 12 Benchmark', '1.1.0', '2024-09-26'],
  ]);
  const rules = content.byDigest(entry?.digest ?? '')?.rules;
  expect(rules?.get('xccdf_org.example_rule_banner')).toMatchObject({
    section: '1.7.2',
    description: 'A banner that is short and clear',
    platforms: ['system_with_kernel'],
  });
  expect(rules?.get('xccdf_org.example_rule_manual')?.manual).toBe(true);
  expect(content.byDigest('0'.repeat(64))).toBeUndefined();
});

test('controls that rules refer to are kept by framework, and what is no control is not', async () => {
  const reference = (href: string, value: string) =>
    `<xccdf-1.2:reference href="${href}">${value}</xccdf-1.2:reference>`;
  const nist = 'http://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-53r4.pdf';
  const rule = `<xccdf-1.2:Rule selected="true" id="xccdf_org.example_rule_mapped"><xccdf-1.2:title>Mapped</xccdf-1.2:title>
${reference('https://docs-prv.pcisecuritystandards.org/PCI%20DSS/Standard/PCI-DSS-v4_0.pdf', '2.2.6')}
${reference(nist, 'AC-6(5)')}${reference(nist, 'CM-6(a), AC-6(5)')}${reference(nist, '&lt;script&gt;')}${reference(nist, '')}
${reference(nist, 'A'.repeat(65))}${reference('https://elsewhere.example/', 'X-1')}
<xccdf-1.2:check system="http://oval.mitre.org/XMLSchema/oval-definitions-5"/></xccdf-1.2:Rule>`;
  const { directory, file } = given(smallStream({ rules: rule }));
  const { added } = await add(directory, file);
  const rules = openCurrent(directory).byDigest(added[0]?.digest ?? '')?.rules;
  expect(rules?.get('xccdf_org.example_rule_mapped')?.controls).toEqual([
    { attribute: 'NIST_SP_800_53', controls: ['AC-6(5)', 'CM-6(a)'] },
    { attribute: 'PCI_DSS_4', controls: ['2.2.6'] },
  ]);
});

test.each([
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
])('%s is unpacked, and the digest is that of the data stream', async (_, pack) => {
  const plain = given(smallStream());
  const packed = given(pack(Buffer.from(smallStream())));
  const [one, other] = [await add(plain.directory, plain.file), await add(packed.directory, packed.file)];
  expect(other.added[0]?.digest).toBe(one.added[0]?.digest);
});

const many = Array.from({ length: 20_001 }, (_, n) => `<xccdf-1.2:Rule id="xccdf_org.example_rule_r${n}"/>`).join('');

describe('what is no data stream is refused, and nothing is left of it', () => {
  test.each([
    ['an entity of its own', smallStream({ head: '<!DOCTYPE x [<!ENTITY a "b">]>' }), /document type/],
    ['more rules than any has', smallStream({ rules: many }), /more than 20000 rules/],
    ['a rule twice', smallStream({ rules: '<xccdf-1.2:Rule id="xccdf_org.example_rule_umask"/>' }), /twice/],
    ['an id that is an option', smallStream({ rules: '<xccdf-1.2:Rule id="--remediate"/>' }), /id is missing/],
    ['nesting without end', smallStream({ rules: '<a>'.repeat(100) }), /elements deep/],
    ['one that is cut short', smallStream().slice(0, 2000), /cut short/],
    ['another root', '<html/>', /no SCAP data stream/],
    ['no text at all', '', /cut short|no SCAP|no benchmark/],
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0xff, 0xfe]), /UTF-8/],
    [
      'a stream without a CIS profile',
      smallStream().replaceAll('Center for Internet Security', 'Somebody'),
      /no profile/,
    ],
  ])('%s', async (_, content, reason) => {
    const { directory, file } = given(content);
    const { added, leftOut } = await add(directory, file);
    expect(added).toEqual([]);
    expect(leftOut[0]?.reason).toMatch(reason);
    expect(readContent(directory).entries).toEqual([]);
    for (const path of [directory.work, directory.streams, directory.indexes]) expect(readdirSync(path)).toEqual([]);
  });
});

/** A zip archive of files that are not compressed. */
function zipOf(files: readonly (readonly [string, string])[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, given] of files) {
    const text = Buffer.from(given);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt32LE(crc32(text), 10);
    about.writeUInt32LE(text.length, 14);
    about.writeUInt32LE(text.length, 18);
    about.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), text]);
    local.push(entry);
    central.push(Buffer.from('PK\x01\x02\x14\x00'), about, place, Buffer.from(name));
    offset += entry.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, ...central, end]);
}

describe('archives', () => {
  test('the data streams of a release are taken, and nothing else of it', async () => {
    const files = [
      ['scap/README.md', 'text'],
      ['scap/ssg-example-ds.xml', smallStream()],
    ] as const;
    const { directory, file } = given(zipOf(files), 'release.zip');
    expect((await add(directory, file)).added.map(({ name }) => name)).toEqual(['example-12']);
  });

  const many = Array.from({ length: 201 }, (_, at) => [`x${at}-ds.xml`, '<a/>'] as const);
  test.each([
    ['a name that leads out of it', zipOf([['../../a-ds.xml', smallStream()]]), /damaged|invalid relative path/],
    ['more streams than any release has', zipOf(many), /more than 200 data streams/],
    ['one that is cut short', zipOf([['a-ds.xml', smallStream()]]).subarray(0, -30), /no zip archive, or damaged/],
    ['no data stream', zipOf([['a.txt', 'text']]), /no SCAP data stream in it/],
    ['an ar archive of nonsense', Buffer.from(`!<arch>\n${'x'.repeat(60)}`), /damaged/],
    [
      'an RPM package of nonsense',
      Buffer.concat([Buffer.from('\xed\xab\xee\xdb', 'latin1'), Buffer.alloc(200)]),
      /no RPM package/,
    ],
  ])('%s', async (_, content, reason) => {
    const { directory, file } = given(content, 'release.zip');
    await expect(add(directory, file)).rejects.toThrow(reason);
    expect(readContent(directory).entries).toEqual([]);
  });

  test('xz that asks for more memory than it is given is left out', async () => {
    // A stream of one empty block whose dictionary is 1.5 GiB.
    const header = Buffer.from('fd377a585a000004e6d6b446', 'hex');
    const block = Buffer.from('02002101', 'hex');
    const dictionary = Buffer.concat([block, Buffer.from([0x25, 0, 0, 0])]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(dictionary));
    const { directory, file } = given(Buffer.concat([header, dictionary, sum, Buffer.alloc(64)]), 'a-ds.xml.xz');
    const { added, leftOut } = await add(directory, file);
    expect(added).toEqual([]);
    expect(leftOut[0]?.reason).toBe('to unpack it would take too much memory');
  });
});

test('older content that takes the place of newer is told, and the newest judges', async () => {
  const { directory, file } = given(smallStream());
  await add(directory, file);
  writeFileSync(file, smallStream().replaceAll('v1.1.0', 'v1.0.9'));
  expect((await add(directory, file)).older).toEqual(['example-12']);
  const of = (version: string) => ({ systems: ['cpe:/o:debian:debian_linux:12'], version, profiles: [] });
  const all = [of('0.1.9'), of('0.1.82'), of('0.1.76')];
  expect(contentFor(all, { id: 'debian', versionId: '12' })).toBe(all[1]);
});

test('what the benchmark says it is for counts, and not what the dictionary has beside it', async () => {
  const { directory, file } = given(
    smallStream()
      .replace('<cpe-dict:cpe-item', '<cpe-dict:cpe-item name="cpe:/o:debian:debian_linux:13"/><cpe-dict:cpe-item')
      .replace('<xccdf-1.2:version>', '<xccdf-1.2:platform idref="cpe:/o:debian:debian_linux:12"/><xccdf-1.2:version>'),
  );
  const { added } = await add(directory, file);
  expect(added[0]?.systems).toEqual(['cpe:/o:debian:debian_linux:12']);
});

test('content is removed by its name, and another name is told what there is', async () => {
  const { directory, file } = given(smallStream());
  await add(directory, file);
  expect(() => removeContent(directory, 'other')).toThrow('there is example-12');
  removeContent(directory, 'example-12');
  expect(readContent(directory).entries).toEqual([]);
  expect(readdirSync(directory.streams)).toEqual([]);
});

test('a system is given the content that names it, by its whole version or its major one', () => {
  const of = (...systems: string[]) => ({ systems });
  const all = [
    of('cpe:/o:debian:debian_linux:12'),
    of('cpe:/o:redhat:enterprise_linux:9'),
    of('cpe:/o:canonical:ubuntu_linux:22.04::~~lts~~~'),
  ];
  expect(contentFor(all, { id: 'debian', versionId: '12' })).toBe(all[0]);
  expect(contentFor(all, { id: 'debian', versionId: '1' })).toBeUndefined();
  expect(contentFor(all, { id: 'debian', versionId: '13' })).toBeUndefined();
  expect(contentFor(all, { id: 'debian' })).toBeUndefined();
  expect(contentFor(all, { id: 'rhel', versionId: '9.4' })).toBe(all[1]);
  expect(contentFor(all, { id: 'ubuntu', versionId: '22.04' })).toBe(all[2]);
  expect(contentFor(all, { id: 'ubuntu', versionId: '22.10' })).toBeUndefined();
});

test('level and role are chosen by the first attribute or tag that is a choice', () => {
  const chosen = (...values: string[]) => choiceOf(values.map((value) => ({ key: 'assay:cis-profile', value })));
  expect(chosen()).toEqual({ level: 1, role: 'server' });
  expect(chosen('level2-server')).toEqual({ level: 2, role: 'server' });
  expect(chosen('nonsense', 'Level 2 workstation')).toEqual({ level: 2, role: 'workstation' });
  expect(profileFor({ profiles: [] }, chosen())).toBeUndefined();
});

describe('tailoring', () => {
  const entry = { rule: 'xccdf_org.example_rule_umask', reason: 'ticket 7', author: 'Ada', expires: '2027-01-31' };
  const xccdf = (inside: string) =>
    `<xccdf:Tailoring xmlns:xccdf="http://checklists.nist.gov/xccdf/1.2" id="t"><xccdf:Profile id="p">${inside}</xccdf:Profile></xccdf:Tailoring>`;

  test('is a list, or an XCCDF file with who answers for it', () => {
    expect(readTailoring(JSON.stringify([entry]), {})).toEqual([entry]);
    const { rule, ...answer } = entry;
    expect(readTailoring(xccdf(`<xccdf:select idref="${rule}" selected="false"/>`), answer)).toEqual([entry]);
  });

  test.each([
    ['no reason', JSON.stringify([{ ...entry, reason: ' ' }]), /no reason/],
    ['no author', JSON.stringify([{ ...entry, author: undefined }]), /no author/],
    ['no day', JSON.stringify([{ ...entry, expires: 'soon' }]), /no expiry/],
    ['a rule that is added', xccdf('<xccdf:select idref="x" selected="true"/>'), /not added/],
    ['a value that is changed', xccdf('<xccdf:set-value idref="x">7</xccdf:set-value>'), /not changed/],
    ['an entity', `<!DOCTYPE x [<!ENTITY a "b">]>${xccdf('')}`, /document type/],
    ['something else', '<html/>', /no XCCDF tailoring/],
    ['no JSON', 'rules', /neither/],
  ])('that would not be in force is refused: %s', (_, text, reason) => {
    expect(() => readTailoring(text, {})).toThrow(reason);
  });

  test('gives the content another digest, and stays when content is added', async () => {
    const { directory, file } = given(smallStream());
    await add(directory, file);
    const before = openCurrent(directory).digest;
    writeContent(directory, { ...readContent(directory), leftOut: [entry] });
    expect(openCurrent(directory).digest).not.toBe(before);
    await add(directory, file);
    expect(openCurrent(directory).leftOut).toEqual([entry]);
  });
});

const { absent } = sharedFile('data/scap/content');
/** Those with CIS profiles, and how many of their rules name no section of the benchmark. */
const streams: readonly (readonly [name: string, withoutSection: number])[] = [
  ['al2023', 0],
  ['ubuntu2404', 0],
  ['debian12', 0],
  ['debian13', 0],
  ['ubuntu2204', 0],
  ['rhel8', 2],
  ['rhel9', 2],
  ['rhel10', 1],
  ['almalinux9', 2],
  ['sle15', 1],
];
test.skipIf(absent).each(streams)(
  `every rule of %s has title, section and severity, but for the %i that its content gives no section${skipNote(absent)}`,
  async (name, withoutSection) => {
    const directory = newContentDirectory();
    const { added } = await add(directory, sharedFile(`data/scap/content/ssg-${name}-ds.xml.xz`).file);
    const [entry] = added;
    const benchmark = openCurrent(directory).byDigest(entry?.digest ?? '');
    expect(benchmark?.profiles.length).toBeGreaterThan(1);
    const without = new Set<string>();
    for (const { rules } of benchmark?.profiles ?? []) {
      expect(rules.length).toBeGreaterThan(100);
      for (const id of rules) {
        const { title = '', section = '', severity = '' } = benchmark?.rules.get(id) ?? {};
        expect([id, title !== '', severity !== '']).toEqual([id, true, true]);
        if (!/^\d/.test(section)) without.add(id);
      }
    }
    expect([...without]).toHaveLength(withoutSection);
  },
);
