import { type Budget, spend } from './bounds.ts';
import type { Packet } from './packet.ts';
import { contains, type Value } from './ranges.ts';
import type { Chain, FirewallRule, Only } from './ruleset.ts';

interface Prepared {
  /** Those that do something, each with what it needs. */
  readonly rules: readonly { readonly rule: FirewallRule; readonly needs: readonly Only[] }[];
  readonly bySource: boolean;
  /** Of the packets that were asked for last, one for each protocol. */
  readonly last: Partial<
    Record<Packet['protocol'], { readonly source: Value; readonly rules: readonly FirewallRule[] }>
  >;
}

const prepared = new WeakMap<Chain, Prepared>();
/** Skipped rules that cost as much as one that is visited. */
const SKIPPED_FOR_ONE = 16;

/** The rules of a chain that a packet may match, in their order. */
export function rulesFor(budget: Budget, chain: Chain, { family, protocol, source }: Packet): readonly FirewallRule[] {
  const own = prepared.get(chain) ?? prepare(chain);
  const last = own.last[protocol];
  if (last && (last.source === source || !own.bySource)) return last.rules;
  spend(budget, Math.ceil(own.rules.length / SKIPPED_FOR_ONE));
  const isWide = family === 6;
  const may = ({ sources, protocol: only = protocol }: Only): boolean =>
    only === protocol &&
    (sources === undefined || ((typeof sources[0]?.[0] === 'bigint') === isWide && contains(sources, source)));
  const rules = own.rules.flatMap(({ rule, needs }) => (needs.every(may) ? [rule] : []));
  own.last[protocol] = { source, rules };
  return rules;
}

function prepare(chain: Chain): Prepared {
  const rules = chain.rules
    .filter(({ statements }) => statements.some((statement) => statement.do !== 'match'))
    .map((rule) => ({
      rule,
      needs: rule.statements.flatMap((statement) =>
        statement.do === 'match' && statement.only ? [statement.only] : [],
      ),
    }));
  const bySource = rules.some(({ needs }) => needs.some(({ sources }) => sources));
  const own: Prepared = { rules, bySource, last: {} };
  prepared.set(chain, own);
  return own;
}
