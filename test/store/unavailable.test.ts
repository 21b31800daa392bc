import { expect, test } from 'vitest';
import { isConflict } from '../../packages/server/src/store/database/postgres-errors.ts';
import { isUnavailable } from '../../packages/server/src/store/unavailable.ts';

const withCode = (code: string, syscall?: string) =>
  Object.assign(new Error('said by the database'), { code, syscall });

test.each(['08006', '40001', '40P01', '53300', '53100', '57P01', '57P03', '57014', '25006', '55P03', 'ECONNREFUSED'])(
  '%s: the database is away or busy, and a retry may do',
  (code) => {
    expect(isUnavailable(withCode(code))).toBe(true);
  },
);

test.each(['23505', '42P01', '22P02', '28P01', '42501', 'ERR_INVALID_ARG_TYPE'])('%s: a retry does nothing', (code) => {
  expect(isUnavailable(withCode(code))).toBe(false);
});

test('what the driver says without a code', () => {
  expect(isUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isUnavailable(new Error('timeout exceeded when trying to connect'))).toBe(true);
  expect(isUnavailable(new Error('Cannot read properties of undefined'))).toBe(false);
  for (const thrown of [undefined, null, 'text', 5]) expect(isUnavailable(thrown)).toBe(false);
});

test('a socket that is not there yet is a database that is away; another file is not', () => {
  expect(isUnavailable(withCode('ENOENT', 'connect'))).toBe(true);
  expect(isUnavailable(withCode('ENOENT', 'open'))).toBe(false);
});

test('transactions that met are run again; a key that is taken is looked for a few times only', () => {
  expect(isConflict(withCode('40001'), 39)).toBe(true);
  expect(isConflict(withCode('40P01'), 39)).toBe(true);
  expect(isConflict(withCode('23505'), 1)).toBe(true);
  expect(isConflict(withCode('23505'), 5)).toBe(false);
  expect(isConflict(withCode('23503'), 1)).toBe(false);
});
