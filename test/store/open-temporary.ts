import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const opened: (() => Promise<void> | void)[] = [];

/** A path for a store in a directory that goes when the test ends, after all that `closing` was given. */
export function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-store-'));
  opened.push(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'assay.db');
}

/** Has something closed when the test ends; gives it back. */
export function closing<T>(resource: T, close: (resource: T) => Promise<void> | void): T {
  opened.push(() => close(resource));
  return resource;
}

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});
