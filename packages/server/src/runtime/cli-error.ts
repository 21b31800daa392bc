/** A failure that the person at the terminal can do something about: the message says what. Exit status 2. */
export class CliError extends Error {}
