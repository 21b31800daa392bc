import { setTimeout as delay } from 'node:timers/promises';
import { oneLine } from '@assay/model/safe-text.ts';
import { isFinal } from './server-fault.ts';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;

/**
 * Milliseconds to wait after so many failures in a row: doubling from one second to a minute, and half of it up to
 * chance (`random` in [0, 1)), so that a fleet does not come back to its server at one moment.
 */
export const pauseAfter = (failures: number, random: number): number =>
  Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) * (0.5 + random / 2);

/** Asks until there is an answer, for ever; `work` is told how often it failed before. Rejects with what asking again cannot change, and when `signal` aborts. */
export async function retry<T>(
  work: (failures: number) => Promise<T>,
  { signal, log }: { readonly signal: AbortSignal; readonly log: (line: string) => void },
): Promise<T> {
  let said = '';
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted();
    try {
      const result = await work(failures);
      if (said) log('The server answers again.');
      return result;
    } catch (error) {
      if (signal.aborted || isFinal(error)) throw error;
      const line = `The server cannot be reached or cannot answer: ${describe(error)}. Trying again until it does.`;
      if (line !== said) log(line);
      said = line;
      await delay(pauseAfter(failures + 1, Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Node's errors for several addresses have no message of their own. */
function describe(error: unknown): string {
  const one = error instanceof AggregateError ? error.errors[0] : error;
  return oneLine(one instanceof Error ? one.message : String(one)).replace(/\.$/, '');
}
