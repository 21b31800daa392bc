import type { Call } from '../api.ts';
import { useSession } from '../app/session-context.ts';
import { useData } from '../app/use-data.ts';
import { createRulesPackageNames, type RulesPackageNames } from './rules-packages.ts';

const known = new WeakMap<Call, RulesPackageNames>();

/** Every rules package by its ARN; asked for once in a session. */
export function rulesPackageNames(call: Call): Promise<ReadonlyMap<string, string>> {
  const packages = known.get(call) ?? createRulesPackageNames(call);
  known.set(call, packages);
  return packages.all();
}

/** Names of the rules packages by their ARNs, asked for once; the ARN itself until then, or where there is none. */
export function useRulesPackages(): {
  readonly names: ReadonlyMap<string, string>;
  readonly nameOf: (arn: string) => string;
} {
  const { call } = useSession();
  const { data = new Map<string, string>() } = useData('rules packages', () => rulesPackageNames(call));
  return { names: data, nameOf: (arn) => data.get(arn) ?? arn };
}
