import { expect, test } from 'vitest';
import { worstFindings } from '../../../packages/server/src/cli/scan/worst-findings.ts';

const of = (severity: 'High' | 'Medium' | 'Low' | 'Informational' | 'Undefined', count: number) =>
  Array.from({ length: count }, (_, at) => ({ severity, at, count: 1 }));

test('the worst come first, unrated ones beside Medium, and what is left out is counted by severity', () => {
  const all = [
    ...of('Informational', 3),
    ...of('Low', 10),
    ...of('Undefined', 2),
    ...of('High', 1),
    ...of('Medium', 4),
  ];
  const { shown, left } = worstFindings(all, { all: false });
  expect(shown).toHaveLength(15);
  expect(shown[0]?.severity).toBe('High');
  expect(shown.filter(({ severity }) => severity === 'Medium' || severity === 'Undefined')).toHaveLength(6);
  expect(left).toBe('2 Low, 3 Informational');
});

test('a few are all shown, and so are many where all are asked for', () => {
  expect(worstFindings(of('Low', 15), { all: false })).toMatchObject({ left: '' });
  expect(worstFindings(of('Low', 400), { all: true }).shown).toHaveLength(400);
});
