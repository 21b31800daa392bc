import type { Command } from 'commander';
import { wholeNumber } from './whole-number.ts';

/** How much of a list is wanted. */
export interface AtMost {
  readonly limit?: number;
  readonly all?: boolean;
}

/** Rows that a person reads. */
const SHOWN = 100;

export const withLimit = (command: Command): Command =>
  command
    .option(
      '--limit <number>',
      `show at most this many, newest first (default: ${SHOWN} in a table)`,
      wholeNumber(1, 1_000_000),
    )
    .option('--all', 'show all of them');

/** For people a screenful; for programs everything, unless they say how much. */
export const limitOf = ({ limit, all, json, format }: AtMost & { json?: boolean; format?: string }): number =>
  limit ?? (all || json || (format !== undefined && format !== 'table') ? Number.POSITIVE_INFINITY : SHOWN);

/** Says that there is more than was printed. */
export function tellOfMore(more: boolean, shown: number): void {
  if (more) process.stderr.write(`These are the newest ${shown}; --all shows all of them.\n`);
}
