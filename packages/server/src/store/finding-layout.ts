import { anyOf, type BlockCondition, noneOf, range } from './blocks/block-filter.ts';
import { type Column, CREATED_AT, type Layout } from './blocks/layout.ts';
import type { FindingFilter } from './finding-filter.ts';

const dictionary = (kind: number, name: string): Column => ({ kind, name, type: 'dictionary' });
const target = dictionary(2, 'target');
const template = dictionary(3, 'template');
const run = dictionary(4, 'run');
const agent = dictionary(5, 'agent');
const autoScalingGroup = dictionary(6, 'auto_scaling_group');
const rulesPackage = dictionary(7, 'rules_package');
const rule = dictionary(8, 'rule');
const severity = dictionary(9, 'severity');

/** Findings in blocks: what ListFindings filters by but for attributes, and what its answer takes. */
export const findingLayout: Layout = {
  list: 1,
  table: 'findings',
  columns: [target, template, run, agent, autoScalingGroup, rulesPackage, rule, severity],
  answer: [target, template, run],
};

/** A finding filter without attributes as conditions on blocks; `going` are the runs whose findings are not listed yet. */
export function findingBlockConditions(filter: FindingFilter, going: readonly string[]): BlockCondition[] {
  const { begin, end } = filter.created ?? {};
  const conditions: BlockCondition[] = [];
  if (begin !== undefined || end !== undefined) conditions.push(range(CREATED_AT, begin, end));
  for (const [column, values] of [
    [severity, filter.severities],
    [rulesPackage, filter.rulesPackages],
    [run, filter.runs],
    [autoScalingGroup, filter.autoScalingGroups],
    [agent, filter.agents],
    [rule, filter.rules],
  ] as const) {
    if (values) conditions.push(anyOf(column.kind, values));
  }
  if (going.length > 0) conditions.push(noneOf(run.kind, going));
  return conditions;
}
