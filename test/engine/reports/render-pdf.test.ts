import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { showable } from '../../../packages/server/src/engine/reports/pdf/encode.ts';
import type { Face } from '../../../packages/server/src/engine/reports/pdf/fonts.ts';
import { renderPdf } from '../../../packages/server/src/engine/reports/pdf/render-pdf.ts';
import { createTypesetting } from '../../../packages/server/src/engine/reports/pdf/typesetting.ts';
import type { ReportData } from '../../../packages/server/src/engine/reports/report-data.ts';
import { reportFonts } from '../../../packages/server/src/runtime/reports/report-fonts.ts';
import { someReport } from './report-data.ts';

const fonts = reportFonts();
const directory = mkdtempSync(join(tmpdir(), 'assay-report-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function render(data: ReportData): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (const _ of renderPdf(data, await fonts, (chunk) => chunks.push(chunk))) await nextTurn();
  await nextTurn();
  return Buffer.concat(chunks);
}

test('a whole file: header, cross-reference table where it says, and as many pages as it counts', async () => {
  const bytes = await render(someReport({ groups: 12, hosts: 9, full: true }));
  const text = bytes.toString('latin1');
  expect(text.startsWith('%PDF-1.7\n')).toBe(true);
  expect(text.trimEnd().endsWith('%%EOF')).toBe(true);
  const at = Number(/startxref\s+(\d+)/.exec(text)?.[1]);
  expect(text.slice(at, at + 4)).toBe('xref');
  const offsets = text.slice(at).match(/^\d{10} 00000 n/gm) ?? [];
  for (const [index, entry] of offsets.entries()) {
    const from = Number(entry.slice(0, 10));
    expect(text.slice(from, from + 20)).toMatch(new RegExp(`^${index + 1} 0 obj`));
  }
  const pages = text.match(/\/Type \/Page\n/g)?.length;
  expect(pages).toBeGreaterThan(10);
  expect(text).toContain(`/Count ${pages}\n`);
  expect(text).toMatch(/\/Outlines/);
  expect(text).not.toMatch(/\/JavaScript|\/JS |\/URI|\/Launch|\/EmbeddedFile/);
});

test('the same data gives the same bytes, whose only date is the report’s own', async () => {
  const data = someReport({ groups: 5, hosts: 4, full: true });
  const first = await render(data);
  expect((await render(data)).equals(first)).toBe(true);
  const dates = first.toString('latin1').match(/D:\d{14}|\d{4}-\d\d-\d\dT[\d:]+/g) ?? [];
  expect(dates.length).toBeGreaterThan(0);
  for (const date of dates) expect(date.replaceAll(/\D/g, '')).toMatch(/^202611220930/);
});

test('text of hosts cannot end its string and draw, or name an operator', async () => {
  const hostile = ') Tj ET /Evil Do BT (\\) \\ > Tj <';
  const drawn = streamsOf(await render(someReport({ groups: 1, hosts: 1, text: hostile }))).filter((text) =>
    text.includes(' Tm '),
  );
  expect(drawn.length).toBeGreaterThan(3);
  const line = /BT 1 0 0 -1 -?[\d.]+ -?[\d.]+ Tm (?:\/F\d+ [\d.]+ Tf (?:<[\dA-F]+> Tj|\[[\d<>A-F-]+\] TJ) ?)+ET/g;
  for (const text of drawn) {
    expect(text.match(/BT/g)?.length).toBe(text.match(line)?.length);
    expect(text.replaceAll(line, '')).not.toMatch(/[()]|Evil|T[jJ]/);
  }
});

/** What its streams hold, unpacked. */
function streamsOf(pdf: Buffer): string[] {
  return [...pdf.toString('latin1').matchAll(/\nstream\n([\s\S]*?)\nendstream/g)].flatMap(([, body = '']) => {
    try {
      return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')];
    } catch {
      // The metadata is not compressed.
      return [];
    }
  });
}

describe('characters that can be shown', () => {
  const has = (codePoint: number): boolean => codePoint < 0x250;
  test.each([
    ['plain (text)', 'plain (text)'],
    ['Zürich ő', 'Zürich ő'],
    ['漢 😀', '\\u{6F22} \\u{1F600}'],
    ['e\u0301', 'e\\u{301}'],
    ['\u202E\u0000\uDC00\u00AD', '\\u{202E}\\u{0}\\u{DC00}\\u{AD}'],
    ['\\u{41}', '\\u{5C}u{41}'],
    ['C:\\users', 'C:\\users'],
    ['a\tb\nc', 'a  b\nc'],
  ])('%j', (text, shown) => expect(showable(text, has)).toBe(shown));
});

describe('lines', () => {
  const style = { font: 'mono', size: 10, leading: 12, color: '0 0 0' } as const;
  /** Every character is as wide as it is high, and only ASCII, some ideographs and Hebrew are there. */
  const face: Face = {
    label: 'F1',
    has: (codePoint) => /[\0-\u007F…\u0590-\u05FF、。\u4E00-\u9FFF]/u.test(String.fromCodePoint(codePoint)),
    glyph: (codePoint) => ({ code: codePoint.toString(16).padStart(4, '0'), width: 1 }),
    shape: (text, direction) => {
      const glyphs = Array.from(text, (character) => ({
        ...face.glyph(character.codePointAt(0) ?? 0),
        advance: 1,
        x: 0,
        y: 0,
      }));
      return direction === 'rtl' ? glyphs.reverse() : glyphs;
    },
  };
  const setting = createTypesetting({ faceOf: (_, codePoint) => (face.has(codePoint) ? face : undefined) });
  const lines = (text: string, room: number): string[] => setting.wrap(text, style, room).map((line) => line.text);
  /** The characters from left to right. */
  const drawn = (text: string): string =>
    [
      ...(
        setting
          .fit(text, style)
          .show.match(/<([\da-f]+)>/g)
          ?.join('') ?? ''
      )
        .replace(/[<>]/g, '')
        .matchAll(/.{4}/g),
    ]
      .map(([code]) => String.fromCodePoint(Number.parseInt(code, 16)))
      .join('')
      .trimEnd();
  test('break at spaces, at newlines, and in words that are too long', () => {
    expect(lines('one two three', 70)).toEqual(['one two', 'three']);
    expect(lines('one\n\ntwo', 70)).toEqual(['one', '', 'two']);
    expect(lines('abcdefghij k', 40)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(lines('wide', 1)).toEqual(['w', 'i', 'd', 'e']);
    expect(lines('', 70)).toEqual(['']);
  });
  test('break between ideographs, but not before a full stop', () => {
    expect(lines('漢字漢字漢字', 40)).toEqual(['漢字漢字', '漢字']);
    expect(lines('ab 漢字漢字', 50)).toEqual(['ab 漢字', '漢字']);
    expect(lines('漢字漢。字', 30)).toEqual(['漢字', '漢。字']);
  });
  test('end in an ellipsis where one line is all there is', () => {
    expect(setting.fit('abcdef', style, 60).text).toBe('abcdef');
    expect(setting.fit('abcdefg', style, 60).text).toBe('abcde…');
    expect(setting.fit('abc', style).width).toBe(30);
    expect(setting.fit('שלום שלום', style, 60).text).toBe('שלום …');
  });
  test('from right to left are drawn so, with numbers and Latin words as they are read', () => {
    expect(drawn('אבג')).toBe('גבא');
    expect(drawn('web אבג 12')).toBe('web 12 גבא');
    expect(drawn('אבג (web) 12')).toBe('12 (web) גבא');
    expect(drawn('א(ב)ג')).toBe('ג(ב)א');
    expect(lines('אבג דה web', 60)).toEqual(['אבג דה', 'web']);
    // As long as no line is: it ends.
    expect(lines('א'.repeat(2000), 100)).toHaveLength(200);
  });
  test('count what no font has', () => {
    setting.wrap('🙂🙂 \u0E01', style, 500);
    expect(setting.missing().slice(0, 2)).toEqual([
      [0x1f642, 2],
      [0xe01, 1],
    ]);
  });
});

const poppler = spawnSync('pdftotext', ['-v']).error === undefined;

describe.skipIf(!poppler)(
  'read by poppler (skipped unless pdftotext is installed: apt-get install poppler-utils)',
  () => {
    const pagesOf = async (data: ReportData): Promise<string[]> => {
      const file = join(directory, 'report.pdf');
      writeFileSync(file, await render(data));
      const text = execFileSync('pdftotext', ['-layout', '-enc', 'UTF-8', file, '-'], { maxBuffer: 2 ** 28 });
      return text.toString('utf8').split('\f').slice(0, -1);
    };

    test('its contents name the page on which each thing stands, and every page its number', async () => {
      const data = someReport({ groups: 90, hosts: 3, full: true });
      const pages = await pagesOf(data);
      for (const [at, page] of pages.entries())
        expect(page).toMatch(new RegExp(`Page ${at + 1} of\\s+${pages.length}\\b`));
      const entries = [
        ...pages
          .slice(0, 11)
          .join('\n')
          .matchAll(/^\s*(\S.*?)\s+(?:\. ?){3,}\s*(\d+)$/gm),
      ];
      expect(entries.length).toBe(13 + 90 + 90);
      for (const [, title = '', number] of entries) {
        if (title === 'Summary') continue;
        expect(pages[Number(number) - 1], title).toMatch(new RegExp(`\\b${title}$`, 'm'));
      }
    });

    test('every finding, host and exclusion can be found as text', async () => {
      const data = someReport({ groups: 6, hosts: 25 });
      const text = (await pagesOf(data)).join('\n');
      expect(new Set(text.match(/\b0-\d{8}\b/g)).size).toBe(150);
      for (const { hostname, agent } of data.hosts) {
        expect(text).toContain(hostname);
        expect(text).toContain(agent);
      }
      expect(text).toContain('150 findings on 25 of 25 hosts');
      expect(text).toContain('It was heard of last 3 hours ago.');
      expect(text).not.toContain('Rules checked');
    });

    test('texts of six scripts are drawn with embedded fonts, and read back as they were', async () => {
      const texts = [
        'Ελληνικά',
        'Кириллица',
        'السلام عليكم ولا',
        'שלום עולם',
        '漢字仮名交じり文',
        '简体中文',
        '한국어',
      ];
      for (const text of texts) {
        const pages = await pagesOf(someReport({ groups: 2, hosts: 1, text: ` ${text}` }));
        const read = pages.join('\n').replaceAll(/[\u202A-\u202E]/g, '');
        expect(read.split(text).length, text).toBeGreaterThan(15);
        // The one that the notes give as an example.
        expect(read.match(/\\u\{/g)).toHaveLength(1);
        const fontLines = execFileSync('pdffonts', [join(directory, 'report.pdf')], { encoding: 'utf8' })
          .trimEnd()
          .split('\n')
          .slice(2);
        expect(fontLines.length).toBeGreaterThan(2);
        for (const line of fontLines) expect(line).toMatch(/^[A-Z]{6}\+.* CID TrueType +Identity-H +yes yes yes /);
      }
    });

    test('a character that no font has is written as its code point, and the notes say so', async () => {
      const text = (await pagesOf(someReport({ groups: 1, hosts: 1, text: ' 🙂' }))).join('\n');
      expect(text).toContain('host-0.example.org \\u{1F642}');
      expect(text.replaceAll(/\s+/g, ' ')).toContain(
        'do not have 1 character of this report, which is written as its code point: U+1F642.',
      );
    });

    test('it is tagged: headings in order, tables with heads, every text in the structure', async () => {
      const data = someReport({ groups: 6, hosts: 12, full: true });
      await pagesOf(data);
      const file = join(directory, 'report.pdf');
      const options = { maxBuffer: 2 ** 28, encoding: 'utf8' } as const;
      expect(execFileSync('pdfinfo', [file], options)).toMatch(/^Tagged: +yes$/m);
      const tree = execFileSync('pdfinfo', ['-struct-text', file], options);
      expect(tree).not.toMatch(/Syntax (Error|Warning)/);
      const levels = [...tree.matchAll(/^ *H([1-4])\b/gm)].map(([, level]) => Number(level));
      expect(levels[0]).toBe(1);
      for (const [at, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
      const count = (tag: string): number => tree.match(new RegExp(`^ *${tag}\\b`, 'gm'))?.length ?? 0;
      // A table that goes on over pages is one, whose head is read once.
      expect(count('Table')).toBeGreaterThan(data.findings.length + (data.rules ?? []).length);
      expect(count('TH')).toBeGreaterThanOrEqual(3 * data.findings.length);
      expect(count('TR')).toBeGreaterThan(6 * 12 * 2);
      const words = tree.replace(/[\s"]+/g, ' ');
      for (const { host } of data.findings[0]?.variants[0]?.occurrences ?? []) expect(words).toContain(host.hostname);
      expect(words).toContain('could not be read');
    });

    test('a text longer than a page goes on over the next ones, whole', async () => {
      const words = Array.from({ length: 4000 }, (_, at) => `word${at}`).join(' ');
      const data = someReport({ groups: 1, hosts: 1 });
      const [group] = data.findings;
      const [variant] = group?.variants ?? [];
      const [occurrence] = variant?.occurrences ?? [];
      if (!group || !variant || !occurrence) throw new Error('There is one of each');
      const long = { ...occurrence, observations: [{ source: '/long', observed: words }] };
      const findings = [{ ...group, variants: [{ ...variant, occurrences: [long] }] }];
      const text = (await pagesOf({ ...data, findings })).join('\n');
      const seen = new Set(text.match(/\bword\d+\b/g));
      expect(seen.size).toBe(4000);
    });
  },
);

if (!poppler) console.warn('PDF reports were not read back: pdftotext (poppler-utils) is not installed');
