import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { encode } from '../../../packages/server/src/engine/reports/pdf/encode.ts';
import { renderPdf } from '../../../packages/server/src/engine/reports/pdf/render-pdf.ts';
import { createTypesetting } from '../../../packages/server/src/engine/reports/pdf/typesetting.ts';
import type { ReportData } from '../../../packages/server/src/engine/reports/report-data.ts';
import { someReport } from './report-data.ts';

const directory = mkdtempSync(join(tmpdir(), 'assay-report-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function render(data: ReportData): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (const _ of renderPdf(data, (chunk) => chunks.push(chunk))) await nextTurn();
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
  const hostile = ') Tj ET /Evil Do BT (\\) \\';
  const streams = (await render(someReport({ groups: 1, hosts: 1, text: hostile }))).toString('latin1');
  let drawn = '';
  for (const [, body = ''] of streams.matchAll(/\nstream\n([\s\S]*?)\nendstream/g)) {
    try {
      drawn += inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      // The metadata is not compressed.
    }
  }
  const outside = drawn.replaceAll(/\((?:\\.|[^\\()])*\)/g, '()');
  expect(drawn).toContain('Evil');
  expect(outside).not.toContain('Evil');
  expect(outside.match(/[()\\]/g)?.length).toBe(2 * (outside.match(/\(\) Tj/g)?.length ?? 0));
});

describe('text as bytes of WinAnsi', () => {
  test.each([
    ['plain (text)', 'plain (text)'],
    ['Zürich – “quoted” €5 …', 'Z\xfcrich \x96 \x93quoted\x94 \x805 \x85'],
    ['漢 😀', '\\u{6F22} \\u{1F600}'],
    ['e\u0301', 'e\\u{301}'],
    ['\u202E\u0000\uDC00\u00AD', '\\u{202E}\\u{0}\\u{DC00}\\u{AD}'],
    ['\\u{41}', '\\u{5C}u{41}'],
    ['C:\\users', 'C:\\users'],
    ['a\tb\nc', 'a  b\nc'],
  ])('%j', (text, bytes) => expect(encode(text)).toBe(bytes));
});

describe('lines', () => {
  const style = { font: 'mono', size: 10, leading: 12, color: '0 0 0' } as const;
  // Every character is as wide as it is high.
  const setting = createTypesetting(() => 1000);
  const lines = (text: string, room: number): string[] => setting.wrap(text, style, room).map((line) => line.text);
  test('break at spaces, at newlines, and in words that are too long', () => {
    expect(lines('one two three', 70)).toEqual(['one two', 'three']);
    expect(lines('one\n\ntwo', 70)).toEqual(['one', '', 'two']);
    expect(lines('abcdefghij k', 40)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(lines('wide', 1)).toEqual(['w', 'i', 'd', 'e']);
    expect(lines('', 70)).toEqual(['']);
  });
  test('end in an ellipsis where one line is all there is', () => {
    expect(setting.fit('abcdef', style, 60).text).toBe('abcdef');
    expect(setting.fit('abcdefg', style, 60).text).toBe('abcde\x85');
    expect(setting.width('abc', style)).toBe(30);
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

    test('it is tagged: headings in order, tables with heads, every text in the structure', async () => {
      const data = someReport({ groups: 12, hosts: 40, full: true });
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
      expect(count('TR')).toBeGreaterThan(12 * 40 * 2);
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
