/**
 * Work that test/support/setup.ts does after every test, and after the last test of every file. A module that makes
 * something registers here once. A hook at the top of a module would run for the first file alone: files share a worker,
 * and with it the modules that are loaded.
 */
export const afterEveryTest = new Set<() => Promise<void>>();
export const afterEveryFile = new Set<() => Promise<void>>();
