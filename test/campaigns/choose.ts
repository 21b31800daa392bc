import { parseArgs } from 'node:util';
import type { Campaign } from './campaign.ts';

export interface Chosen {
  /** Campaigns to run, in order; none when only the list was asked for. */
  readonly run: readonly string[];
  /** Those that would not end in time, and how long each takes in seconds. */
  readonly left: readonly string[];
  /** What the tests find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads the command line against what there is. Throws an Error that says what is wrong with it. */
export function choose(args: readonly string[], campaigns: Readonly<Record<string, Campaign>>): Chosen {
  const names = [...new Set(Object.values(campaigns).flatMap(({ options }) => Object.keys(options)))];
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries([...names, 'seed', 'within'].map((name) => [name, { type: 'string' as const }])),
  });
  const wanted = positionals.includes('all') ? Object.keys(campaigns) : positionals;
  for (const name of wanted) {
    if (!Object.hasOwn(campaigns, name)) {
      throw new Error(`There is no campaign ${name}; there are ${Object.keys(campaigns).join(', ')} and all.`);
    }
  }
  const environment: Record<string, string> = {};
  for (const [name, text] of Object.entries(values)) {
    if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) throw new Error(`--${name} is a whole number.`);
    if (name === 'within') continue;
    if (name !== 'seed' && !wanted.some((one) => Object.hasOwn(campaigns[one]?.options ?? {}, name))) {
      throw new Error(`--${name} is not an option of ${wanted.join(' and ') || 'the list'}.`);
    }
    environment[`ASSAY_TEST_${name.toUpperCase().replaceAll('-', '_')}`] = text;
  }
  let rest = values.within === undefined ? Number.POSITIVE_INFINITY : Number(values.within);
  const [run, left]: [string[], string[]] = [[], []];
  for (const name of wanted) {
    const seconds = campaigns[name]?.seconds ?? 0;
    (seconds <= rest ? run : left).push(name);
    if (seconds <= rest) rest -= seconds;
  }
  return { run, left, environment };
}

/** What the tests of one campaign find in their environment: the values that were given, or its own. */
export const environmentOf = (campaign: Campaign, given: Chosen['environment']): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(campaign.options).map(([name, { value }]) => [
      `ASSAY_TEST_${name.toUpperCase().replaceAll('-', '_')}`,
      String(value),
    ]),
  ),
  ...given,
});
