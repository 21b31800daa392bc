/** Names what a package that says nothing of its rules could not be judged by. */
export const EVERY_RULE = 'Every rule';
