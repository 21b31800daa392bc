import { createLineWriter } from './line-writer.ts';

const writeLine = createLineWriter(2);

/** Tells the operator that something went wrong inside: one line, and the stack below it. Never throws. */
export function report(message: string, error?: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? '' : String(error);
  writeLine(`${new Date().toISOString()} ${message}${detail && ': '}${detail}`);
}
