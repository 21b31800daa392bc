import { expect, test } from 'vitest';
import { renderHtml } from '../../../packages/server/src/engine/reports/html/render-html.ts';
import type { ReportData, ReportRun } from '../../../packages/server/src/engine/reports/report-data.ts';
import { noCounts } from '../../../packages/server/src/engine/reports/report-hosts.ts';
import { headline } from '../../../packages/server/src/engine/reports/report-words.ts';
import { someReport } from './report-data.ts';

/** A report of a run without findings, as far as its hosts were looked at. */
function without(run: Partial<ReportRun>): ReportData {
  const data = someReport({ groups: 1, hosts: 2 });
  return {
    ...data,
    run: { ...data.run, state: 'COMPLETED', ...run },
    counts: noCounts(),
    packages: data.packages.map((each) => ({ ...each, counts: noCounts() })),
    hosts: data.hosts.map((each) => ({ ...each, counts: noCounts() })),
    findings: [],
    exclusions: [],
  };
}

test.each([
  [{ state: 'CANCELED', evaluated: false }, 'This run was stopped before evaluation: nothing was assessed.'],
  [{ state: 'FAILED', evaluated: false }, 'This run failed before evaluation: nothing was assessed.'],
  [{ imported: true }, 'This run was imported'],
  [{ state: 'COMPLETED_WITH_ERRORS', evaluated: false }, 'No rule could be evaluated on any host'],
] as const)('a run that looked at nothing says so above everything, and shows no zero: %j', (run, words) => {
  const data = without(run);
  expect(headline(data)).toContain(words);
  const html = [...renderHtml(data)].join('');
  expect(html).toContain(words);
  for (const zero of [
    'No findings on',
    '<b>0</b>',
    '<td class="number">0</td>',
    '0 findings',
    'There are no findings.<',
  ]) {
    expect(html).not.toContain(zero);
  }
  if (!('imported' in run)) expect(html).not.toContain('Nothing was excluded from this run.');
});

test('a clean run that was evaluated says that', () => {
  const data = without({ evaluated: true });
  expect(headline(data)).toBe('No findings on 2 hosts.');
  expect([...renderHtml(data)].join('')).toContain('Nothing was excluded from this run.');
});
