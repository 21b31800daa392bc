/** A store cannot be moved, or was not: the message says why, and what to do. */
export class MoveError extends Error {}
