import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../packages/server/src/engine/reports/html/render-html.ts';
import { someReport } from './report-data.ts';

const render = (...[shape]: Parameters<typeof someReport>): string => [...renderHtml(someReport(shape))].join('');
const count = (text: string, part: string | RegExp): number => text.split(part).length - 1;
const VOID = new Set(['meta', 'br', 'rect']);

/** Every element, opened and closed in order; throws where they cross. */
function elements(html: string): Map<string, number> {
  const open: string[] = [];
  const counts = new Map<string, number>();
  const body = html.replace(/<style>[^<]*<\/style>/, '');
  for (const [whole, slash, name = ''] of body.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/gi,
  )) {
    if (slash) expect(open.pop(), whole).toBe(name);
    else {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (!VOID.has(name)) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return counts;
}

describe('structure', () => {
  const html = render({ groups: 7, hosts: 3, full: true });
  test('elements nest, and every < begins one', () => {
    const counts = elements(html);
    const tags = [...counts.values()].reduce((sum, each) => sum + each, 0);
    const closed = tags - [...VOID].reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
    // With the style's own two and the doctype.
    expect(count(html, '<')).toBe(tags + closed + 3);
    expect(counts.get('svg')).toBe(2);
  });
  test('ids are unique, and every link goes to one', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, to = '']) => to);
    expect(links.length).toBeGreaterThan(15);
    for (const to of links) expect(ids).toContain(to.slice(1));
  });
  test('nothing is fetched and nothing runs', () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|<object|<embed|@import|url\(|src=|\son[a-z]+=/i);
  });
});

test('says how many there are: findings by severity, rows, hosts', () => {
  const html = render({ groups: 10, hosts: 4 });
  for (const severity of ['High', 'Medium', 'Low', 'Informational', 'Undefined']) {
    expect(html).toContain(`<div class="card ${severity}"><b>8</b>${severity}</div>`);
  }
  expect(html).toContain('40 findings on 4 of 4 hosts, by 2 rules packages.');
  expect(count(html, /0-\d{8}</)).toBe(40);
  expect(count(html, '<article ')).toBe(10);
  expect(html).not.toContain('Rules checked');
});

test('a full report has every rule with its outcome on each host', () => {
  const html = render({ groups: 3, hosts: 4, full: true });
  expect(count(html, 'id="rule-')).toBe(3);
  expect(count(html, '<span class="badge PASSED">Passed</span>')).toBe(9);
  expect(count(html, '<span class="badge NOT_ASSESSED">Not assessed</span>')).toBe(3);
  expect(count(html, 'could not be read')).toBe(3);
});

test.each([
  ['markup', `<script>alert(1)</script><img src=x onerror='alert("2")'>`],
  ['the end of an attribute', `" onmouseover="alert(1)`],
  ['the end of a style', '</style></table></body>'],
  ['entities', '&lt;b&gt; &amp; &#60;'],
  ['a comment', '<!-- --> ]]>'],
])('texts of hosts stay text: %s', (_, text) => {
  const html = render({ groups: 2, hosts: 2, text, full: true });
  const plain = render({ groups: 2, hosts: 2, full: true });
  expect(elements(html)).toEqual(elements(plain));
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
  expect(count(html, escaped)).toBeGreaterThan(20);
  if (/[<>"]/.test(text)) expect(html).not.toContain(text);
});

test('what hides or turns text is made visible, everything else stays as it is', () => {
  const html = render({ groups: 1, hosts: 1, text: '\u202Etxt.exe\u0000\u200B\uD800 \\u{41} 漢字 é 😀' });
  expect(html).toContain('\\u{202E}txt.exe\\u{0}\\u{200B}\\u{D800} \\u{5C}u{41} 漢字 é 😀');
  for (const hidden of ['\u202E', '\u0000', '\u200B']) expect(html).not.toContain(hidden);
  expect(html.isWellFormed()).toBe(true);
});

test('the same data gives the same text', () => {
  expect(render({ groups: 4, hosts: 3, full: true })).toBe(render({ groups: 4, hosts: 3, full: true }));
});

test('a run over nothing says so', () => {
  const data = someReport({ groups: 1, hosts: 1 });
  const html = [...renderHtml({ ...data, hosts: [], findings: [], exclusions: [], packages: [], rules: [] })].join('');
  for (const said of [
    'No host took part',
    'There are no findings',
    'No host matched the target',
    'No rule was evaluated',
  ]) {
    expect(html).toContain(said);
  }
});
