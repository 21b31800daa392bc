import type { Lane } from './job.ts';

/** Work that somebody waits for and that takes milliseconds: collection's steps, previews. */
export const PROMPT: Lane = { name: 'prompt', width: 4 };
/** Evaluations: minutes each for large runs. */
export const EVALUATION: Lane = { name: 'evaluation', width: 4 };
/** Reports: one at a time, since each takes memory of its own. */
export const REPORTING: Lane = { name: 'reporting', width: 1 };
/** What keeps a store in order. */
export const UPKEEP: Lane = { name: 'upkeep', width: 2 };
/** Deliveries: a topic each. One that waits for its receiver costs a socket; hundreds that hang must hold back nobody. */
export const DELIVERY: Lane = { name: 'delivery', width: 512 };
/** Looks at the clock: for schedules that are due, and hosts that fell silent. Nothing that takes long may hold them up. */
export const SCHEDULING: Lane = { name: 'scheduling', width: 2 };
