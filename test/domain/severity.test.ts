import { Severity } from '@assay/model/api/values.ts';
import { expect, test } from 'vitest';
import { atLeast, numericSeverity, severities } from '../../packages/server/src/domain/severity.ts';

test('the severities are those of the API, from the least to the most urgent', () => {
  expect([...severities].sort()).toEqual([...Severity.values].sort());
  expect(severities).toEqual(['Undefined', 'Informational', 'Low', 'Medium', 'High']);
});

test('each has the number that the user guide gives', () => {
  expect(numericSeverity).toEqual({ High: 9, Medium: 6, Low: 3, Informational: 0, Undefined: 0 });
});

test('a severity is at least itself and all below it', () => {
  for (const [above, severity] of severities.entries()) {
    for (const [below, threshold] of severities.entries()) expect(atLeast(severity, threshold)).toBe(above >= below);
  }
});
