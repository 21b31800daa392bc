/** Random choices that a seed settles. */
export interface Choices {
  readonly number: (below: number) => number;
  readonly of: <Value>(values: readonly Value[]) => Value;
  readonly chance: (probability: number) => boolean;
}

export function choicesOf(random: () => number): Choices {
  const number = (below: number): number => Math.floor(random() * below);
  return {
    number,
    of: (values) => values[number(values.length)] as (typeof values)[number],
    chance: (probability) => random() < probability,
  };
}

/** Ports that rules and probes both draw from, so that they meet. */
export const ports = [22, 53, 80, 81, 443, 1000, 1023, 1024, 2222, 5000, 5001, 8080, 8443, 30_000, 65_535] as const;
