import { type Budget, spend } from './bounds.ts';
import type { Packet } from './packet.ts';
import { contains, type Ranges, type Value } from './ranges.ts';
import type { Chain, FirewallRule } from './ruleset.ts';

interface Prepared {
  /** Those that do something, each with the sources that it needs. */
  readonly rules: readonly { readonly rule: FirewallRule; readonly sources: Ranges | undefined }[];
  readonly bySource: boolean;
  /** Of the source that was asked for last. */
  last: { readonly source: Value; readonly rules: readonly FirewallRule[] } | undefined;
}

const prepared = new WeakMap<Chain, Prepared>();
/** Skipped rules that cost as much as one that is visited. */
const SKIPPED_FOR_ONE = 16;

/** The rules of a chain that a packet may match, in their order. */
export function rulesFor(budget: Budget, chain: Chain, { family, source }: Packet): readonly FirewallRule[] {
  const own = prepared.get(chain) ?? prepare(chain);
  if (own.last?.source === source || (own.last && !own.bySource)) return own.last.rules;
  spend(budget, Math.ceil(own.rules.length / SKIPPED_FOR_ONE));
  const isWide = family === 6;
  const may = (sources: Ranges): boolean =>
    (typeof sources[0]?.[0] === 'bigint') === isWide && contains(sources, source);
  const rules = own.rules.flatMap(({ rule, sources }) => (sources === undefined || may(sources) ? [rule] : []));
  own.last = { source, rules };
  return rules;
}

function prepare(chain: Chain): Prepared {
  const rules = chain.rules
    .filter(({ statements }) => statements.some((statement) => statement.do !== 'match'))
    .map((rule) => ({
      rule,
      sources: rule.statements.flatMap((statement) =>
        statement.do === 'match' && statement.sources ? [statement.sources] : [],
      )[0],
    }));
  const own: Prepared = { rules, bySource: rules.some(({ sources }) => sources), last: undefined };
  prepared.set(chain, own);
  return own;
}
