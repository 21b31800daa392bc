import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluatePolicy } from '../../../packages/server/src/domain/policy/evaluate-policy.ts';
import { parsePolicy } from '../../../packages/server/src/domain/policy/parse-policy.ts';

const docs = readFileSync(new URL('../../../docs/policies.md', import.meta.url), 'utf8');

test('the policy that the documentation shows does what it says', () => {
  const policy = parsePolicy(/```json\n([^`]*)```/.exec(docs)?.[1] ?? '');
  const may = (operation: string, resource: string) =>
    evaluatePolicy(policy, { action: `inspector:${operation}`, resource, lookup: () => undefined }).effect === 'Allow';
  const target = 'arn:aws:inspector:eu-west-1:123456789012:target/0-AbCdEfGh';
  const other = target.replace('AbCdEfGh', 'aaaaaaaa');
  expect(may('ListRulesPackages', '*')).toBe(true);
  expect(may('ListAssessmentRuns', `${target}/template/0-aaaaaaaa`)).toBe(true);
  expect(may('StartAssessmentRun', `${target}/template/0-aaaaaaaa`)).toBe(true);
  expect(may('ListAssessmentRuns', `${other}/template/0-aaaaaaaa`)).toBe(false);
  expect(may('ListAssessmentRuns', '*')).toBe(false);
  expect(may('DeleteAssessmentTarget', target)).toBe(false);
});
