/** Why a line of an import is not taken in: the rest of the file is. */
export class Refusal extends Error {}
