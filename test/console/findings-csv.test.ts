import { expect, test } from 'vitest';
import type { CallAssay } from '../../packages/console/src/api.ts';
import { findingsCsv } from '../../packages/console/src/data/all-findings-csv.ts';
import { findingGroupsCsv } from '../../packages/console/src/data/finding-groups-csv.ts';

/** A server that answers with these pages, and notes what it was asked. */
function serverOf(...pages: readonly object[]) {
  const asked: object[] = [];
  const assay = (async (_: string, input: object) => {
    asked.push(input);
    return pages[asked.length - 1];
  }) as unknown as CallAssay;
  return { assay, asked };
}

const rowsOf = async (lines: AsyncIterable<string>): Promise<string[]> => {
  let text = '';
  for await (const line of lines) text += line;
  return text.split('\r\n').slice(0, -1);
};

const group = {
  name: '=cmd|calc',
  findings: 3,
  hosts: 2,
  rules: 1,
  counts: { high: 1, medium: 2, low: 0, informational: 0, undefined: 0 },
  severity: 'High',
  knownExploited: 1,
  fixable: 2,
  epss: 0.5,
  packages: ['a', 'b'],
  rulesPackageArns: ['arn:cve'],
  assessedAt: 1,
};

test('groups of every page are in the file, rules packages by their names, and no name runs in a spreadsheet', async () => {
  const { assay, asked } = serverOf(
    { groups: [{ ...group, title: '-1.2 Ensure' }], complete: true, nextToken: 'n' },
    { groups: [{ ...group, name: 'CVE-2026-1', assessedAt: undefined, epss: undefined }], complete: false },
  );
  const progress: number[] = [];
  let incomplete = 0;
  const filter = { fixableOnly: true };
  const rows = await rowsOf(
    findingGroupsCsv(assay, {
      ...{ by: 'RULE', filter, nameOf: (arn) => (arn === 'arn:cve' ? 'CVEs' : arn) },
      progress: (count) => progress.push(count),
      incomplete: () => {
        incomplete += 1;
      },
    }),
  );
  expect(rows).toEqual([
    'rule,title,severity,known_exploited,epss,findings,hosts,rules,with_fix,high,medium,low,informational,undefined,packages,rules_packages,assessed_at',
    "'=cmd|calc,'-1.2 Ensure,High,1,0.5,3,2,1,2,1,2,0,0,0,a; b,CVEs,1970-01-01T00:00:01.000Z",
    'CVE-2026-1,,High,1,,3,2,1,2,1,2,0,0,0,a; b,CVEs,',
  ]);
  expect(asked).toEqual([
    { groupBy: 'RULE', filter, maxResults: 500 },
    { groupBy: 'RULE', filter, maxResults: 500, nextToken: 'n' },
  ]);
  expect([progress, incomplete]).toEqual([[1, 2], 1]);
});

test.each([
  ['HOST', 'agent_id,hostname,', "i-1,'@web,"],
  ['RULES_PACKAGE', 'rules_package_arn,rules_package,', 'i-1,CVEs,'],
  ['PACKAGE', 'package,severity', 'i-1,High'],
] as const)('groups by %s begin with what they are by', async (by, head, first) => {
  const { assay } = serverOf({ groups: [{ ...group, name: 'i-1', hostname: '@web' }], complete: true });
  const ignored = (): undefined => undefined;
  const rows = await rowsOf(
    findingGroupsCsv(assay, { by, filter: {}, nameOf: () => 'CVEs', progress: ignored, incomplete: ignored }),
  );
  expect(rows[0]).toMatch(new RegExp(`^${head}`));
  expect(rows[1]?.startsWith(first)).toBe(true);
});

test('a finding of several packages has the versions of each in the same place', async () => {
  const finding = {
    severity: 'High',
    ruleName: 'CVE-2026-1',
    title: '-t',
    hostname: 'h',
    agentId: 'i-1',
    createdAt: 1,
  };
  const packages = [
    { name: 'curl', installedVersion: '1.0', fixedVersion: '1.1' },
    { name: '-evil', installedVersion: '2.0' },
  ];
  const { assay, asked } = serverOf({
    findings: [
      { ...finding, findingArn: 'arn:1', packages },
      { ...finding, findingArn: 'arn:2' },
    ],
  });
  const rows = await rowsOf(findingsCsv(assay, { severities: ['High'] }, () => undefined));
  expect(rows.slice(1)).toEqual([
    "High,CVE-2026-1,'-t,h,i-1,curl; -evil,1.0; 2.0,1.1; ,,,1970-01-01T00:00:01.000Z,arn:1",
    "High,CVE-2026-1,'-t,h,i-1,,,,,,1970-01-01T00:00:01.000Z,arn:2",
  ]);
  expect(asked).toEqual([
    { filter: { severities: ['High'] }, sortBy: 'SEVERITY', includePackages: true, maxResults: 500 },
  ]);
});
