import type { Call } from '../api.ts';
import { after, readAll } from './pages.ts';

export interface RulesPackageNames {
  /** Every rules package of the region, by ARN; asked for once. */
  readonly all: () => Promise<ReadonlyMap<string, string>>;
}

const MANY = 500;

export function createRulesPackageNames(call: Call): RulesPackageNames {
  let asked: Promise<ReadonlyMap<string, string>> | undefined;
  return {
    all: () => {
      asked ??= readNames(call).catch((fault: unknown) => {
        asked = undefined;
        throw fault;
      });
      return asked;
    },
  };
}

async function readNames(call: Call): Promise<ReadonlyMap<string, string>> {
  const { items } = await readAll(async (token) => {
    const { rulesPackageArns, nextToken } = await call('ListRulesPackages', { maxResults: 100, ...after(token) });
    return { items: rulesPackageArns, nextToken };
  }, MANY);
  const names = new Map<string, string>();
  for (let from = 0; from < items.length; from += 10) {
    const { rulesPackages } = await call('DescribeRulesPackages', { rulesPackageArns: items.slice(from, from + 10) });
    for (const { arn, name } of rulesPackages) names.set(arn, name);
  }
  return names;
}
