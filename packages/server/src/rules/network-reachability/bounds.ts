/** A ruleset that is beyond what is evaluated; the message says what of it. The zones concerned are not assessed. */
export class BeyondBounds extends Error {}

/** Of one ruleset. */
export const bounds = {
  /** Values of nft's JSON: 100,000 rules, or a set of a million elements, have some millions. */
  json: { depth: 48, values: 12_000_000 },
  rules: 200_000,
  /** Elements of concatenated sets and maps, which are compared one by one. */
  rows: 200_000,
  /** Chains that jump into each other; the kernel takes 16. */
  jumps: 16,
  /** Classes of sources, source ports, and destinations that are told apart in one zone. */
  classes: 4096,
  /** Rules that are visited for one host. */
  visits: 10_000_000,
  /** Ways that one packet can take where rules fork. */
  forks: 4096,
} as const;

/** Counts work down, and ends it. */
export interface Budget {
  visits: number;
}

export function spend(budget: Budget, visits: number): void {
  budget.visits -= visits;
  if (budget.visits < 0) throw new BeyondBounds('the rules take more steps to evaluate than Assay takes for one host');
}
