import { expect, test } from 'vitest';
import { renderHtml } from '../../../packages/server/src/engine/reports/html/render-html.ts';
import { controlsPart } from '../../../packages/server/src/engine/reports/parts/controls.ts';
import type { ReportData } from '../../../packages/server/src/engine/reports/report-data.ts';
import { someReport } from './report-data.ts';

/** Findings of the rule at a place name these attributes. */
function reportWith(named: Readonly<Record<number, readonly { key: string; value: string }[]>>): ReportData {
  const report = someReport({ groups: 3, hosts: 4 });
  return {
    ...report,
    findings: report.findings.map((group, at) => ({
      ...group,
      variants: group.variants.map((variant) => ({
        ...variant,
        occurrences: variant.occurrences
          .slice(at)
          .map((occurrence) => ({ ...occurrence, attributes: [...occurrence.attributes, ...(named[at] ?? [])] })),
      })),
    })),
  };
}

const nist = (value: string) => ({ key: 'NIST_SP_800_53', value });

test('each control has its findings, hosts and rules, in the order of numbers', () => {
  const report = reportWith({ 0: [nist('AC-10, AC-2')], 2: [nist('AC-2'), { key: 'ISO_27001', value: 'A.9.1.1' }] });
  const titles = report.findings.map(({ title }) => title);
  const blocks = controlsPart(report)?.blocks ?? [];
  expect(blocks.flatMap((block) => (block.kind === 'heading' ? [block.text] : []))).toEqual([
    'NIST SP 800-53',
    'ISO/IEC 27001:2013',
  ]);
  expect(blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []))).toEqual([
    ['AC-2', '6', '4', [titles[0], titles[2]].sort().join('\n')],
    ['AC-10', '4', '4', titles[0]],
    ['A.9.1.1', '2', '2', titles[2]],
  ]);
  expect([...renderHtml(report)].join('')).toContain('<a href="#controls">Findings by control</a>');
});

test('there is no such part where no finding names a control', () => {
  expect(controlsPart(reportWith({}))).toBeUndefined();
  expect([...renderHtml(reportWith({}))].join('')).not.toContain('#controls');
});
