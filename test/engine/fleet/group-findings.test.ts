import { expect, test } from 'vitest';
import type { CurrentFinding } from '../../../packages/server/src/engine/fleet/current-findings.ts';
import { type Grouping, groupFindings } from '../../../packages/server/src/engine/fleet/group-findings.ts';

const finding = (rule: string, more: Partial<CurrentFinding> = {}): CurrentFinding => ({
  ...{ id: rule, agent: 'i-1', rulesPackage: 'arn', rule, severity: 'Medium', packages: [], fixed: false },
  ...{ knownExploited: false, epss: undefined, closedPort: false, title: undefined },
  run: {
    run: 'r',
    target: 't',
    template: 'm',
    name: 'Run',
    agent: 'i-1',
    rulesPackages: 1,
    createdAt: 0,
    completedAt: 1000,
  },
  ...more,
});

test('a group by rule has the title of the rule, other groups have none', () => {
  const findings = [finding('xccdf_rule', { title: '5.4 Ensure' }), finding('CVE-2026-1', { packages: ['curl'] })];
  const titles = (by: Grouping) => groupFindings(findings, by).map(({ name, title }) => [name, title]);
  expect(titles('RULE')).toEqual([
    ['CVE-2026-1', undefined],
    ['xccdf_rule', '5.4 Ensure'],
  ]);
  expect(titles('HOST')).toEqual([['i-1', undefined]]);
});

const order = (...findings: CurrentFinding[]): string[] => groupFindings(findings, 'RULE').map(({ name }) => name);

test('of one severity, vulnerabilities stand before configuration and ports, also where there is no EPSS', () => {
  const ports = ['a', 'b'].map((agent) => finding('Recognized port reachable', { id: agent, agent }));
  const packages = ['curl'];
  expect(
    order(
      ...ports,
      finding('Configure password maximum age'),
      finding('CVE-2026-1', { packages }),
      finding('CVE-2026-2', { packages, epss: 0.1 }),
      finding('Disable root login over SSH', { severity: 'High' }),
      finding('CVE-2026-3', { packages, severity: 'Low', knownExploited: true }),
    ),
  ).toEqual([
    'CVE-2026-3',
    'Disable root login over SSH',
    'CVE-2026-2',
    'CVE-2026-1',
    'Recognized port reachable',
    'Configure password maximum age',
  ]);
});
