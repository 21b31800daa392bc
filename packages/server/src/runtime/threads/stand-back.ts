import { getPriority, platform, setPriority } from 'node:os';

/** A third of the processor that a thread of the usual priority gets, where both want it. */
const PRIORITY = 5;

/**
 * Lets the thread that answers requests go first where processors are short. On Linux a priority is a thread's own;
 * elsewhere it would be the whole process's, and stays.
 */
export function standBack(): void {
  if (platform() !== 'linux') return;
  try {
    setPriority(Math.max(getPriority(), PRIORITY));
  } catch {
    // Where that is not allowed, threads share as they did.
  }
}
