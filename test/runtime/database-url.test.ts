import { afterEach, expect, test, vi } from 'vitest';
import {
  databaseUrlOf,
  explainDatabaseError,
  shownDatabaseUrl,
} from '../../packages/server/src/runtime/database-url.ts';
import { settingsOf } from '../../packages/server/src/store/database/postgres.ts';

const secret = 'postgres://assay:s3cret@db.example.com:5433/assay';

afterEach(() => vi.unstubAllEnvs());

test('the option comes before the environment, and neither means the embedded store', () => {
  vi.stubEnv('ASSAY_DATABASE_URL', '');
  expect(databaseUrlOf(undefined)).toBeUndefined();
  vi.stubEnv('ASSAY_DATABASE_URL', 'postgresql://one/a');
  expect(databaseUrlOf(undefined)).toBe('postgresql://one/a');
  expect(databaseUrlOf('postgres://two/b')).toBe('postgres://two/b');
});

test('what is no URL of PostgreSQL is refused without being repeated: it may hold a password', () => {
  for (const wrong of ['s3cret', 'mysql://user:s3cret@db/x', 'http://s3cret@db']) {
    expect(() => databaseUrlOf(wrong)).toThrow(/postgres:\/\/assay@db\.example\.com\/assay/);
    expect(() => databaseUrlOf(wrong)).not.toThrow(/s3cret/);
  }
});

test('a password is never shown', () => {
  expect(shownDatabaseUrl(secret)).toBe('postgres://assay@db.example.com:5433/assay');
  const refused = Object.assign(new Error('connect ECONNREFUSED 192.0.2.1:5433'), { code: 'ECONNREFUSED' });
  const explained = explainDatabaseError(refused, secret) as Error;
  expect(explained.message).toMatch(/assay@db\.example\.com:5433\/assay cannot be opened: connect ECONNREFUSED/);
  expect(explained.message).not.toContain('s3cret');
});

test('what is not about the database stays as it is', () => {
  const error = new Error('something else');
  expect(explainDatabaseError(error, secret)).toBe(error);
});

test('beyond this machine TLS is verified unless the URL says otherwise', () => {
  expect(settingsOf(secret).ssl).toBe(true);
  for (const url of [
    'postgres://localhost/assay',
    'postgres://127.0.0.1/assay',
    'postgres://[::1]/assay',
    'postgres:///assay?host=/run/postgresql',
    'postgres://db.example.com/assay?sslmode=disable',
  ]) {
    expect(settingsOf(url), url).not.toHaveProperty('ssl');
  }
});
