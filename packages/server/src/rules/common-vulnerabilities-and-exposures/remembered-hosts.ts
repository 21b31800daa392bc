import type { Advisories } from '../../domain/advisories.ts';
import type { Verdict } from '../../domain/rules-package.ts';

const MAX_HOSTS = 32;
const remembered = new WeakMap<Advisories, Map<string, readonly Verdict[]>>();

/**
 * The verdicts of a host that is the same in everything that is judged: fleets are made of few kinds of hosts. `key` says all
 * that `judge` looks at beside the advisories.
 */
export function once(advisories: Advisories, key: string, judge: () => readonly Verdict[]): readonly Verdict[] {
  const hosts = remembered.get(advisories) ?? new Map<string, readonly Verdict[]>();
  remembered.set(advisories, hosts);
  const known = hosts.get(key);
  if (known) return known;
  const verdicts = judge();
  const [oldest] = hosts.keys();
  if (oldest !== undefined && hosts.size >= MAX_HOSTS) hosts.delete(oldest);
  hosts.set(key, verdicts);
  return verdicts;
}
