import { type JsonBounds, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { BeyondBounds, bounds } from './bounds.ts';
import { isObject, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import type { NamedSets } from './nft-sets.ts';
import { nftStatement } from './nft-statement.ts';
import { nftText } from './nft-text.ts';
import type { Chain, Distinctions, Hook, Statement } from './ruleset.ts';

/** What cannot be read at all: the firewall is not known then. */
export class UnreadableRules extends Error {}

const HOOKS: Readonly<Record<string, Hook>> = {
  ingress: 'ingress',
  prerouting: 'prerouting',
  input: 'input',
  forward: 'forward',
  postrouting: 'postrouting',
};
const FAMILIES = new Set(['inet', 'ip', 'ip6', 'netdev']);

/**
 * Adds the chains of `nft -j list ruleset` to `chains`. Tables that `skip` names are left out: iptables' own list has their
 * rules with all their matches. Throws {@link UnreadableRules} and {@link BeyondBounds}.
 */
export function readNftables(
  text: string,
  chains: Map<string, Chain>,
  distinctions: Distinctions,
  skip: (family: string, table: string) => boolean,
): { readonly rules: number; readonly asksRoutes: boolean } {
  const sets = new Map<string, Map<string, JsonObject>>();
  const found: JsonObject[] = [];
  const dormant = new Set<string>();
  for (const entry of entriesOf(text)) {
    const [kind = '', value] = Object.entries(objectOf(entry))[0] ?? [];
    const item = objectOf(value);
    const table = tableKey(item);
    if (kind === 'table' && FAMILIES.has(textOf(item.family)) && isDormant(item)) {
      dormant.add(`${textOf(item.family)} ${textOf(item.name)}`);
    }
    if (!FAMILIES.has(textOf(item.family)) || skip(textOf(item.family), textOf(item.table))) continue;
    if (kind === 'set' || kind === 'map') {
      const inTable = sets.get(table) ?? new Map<string, JsonObject>();
      inTable.set(textOf(item.name), item);
      sets.set(table, inTable);
    } else if (kind === 'chain') addChain(chains, item, dormant.has(table));
    else if (kind === 'rule') found.push(item);
  }
  if (found.length > bounds.rules) throw new BeyondBounds(`the firewall has more than ${bounds.rules} rules`);
  const tables = new Map<string, NamedSets>();
  for (const item of found) {
    const table = tableKey(item);
    const named = tables.get(table) ?? { find: (name: string) => sets.get(table)?.get(name), distinctions, rows: 0 };
    tables.set(table, named);
    addRule(chains, item, named);
  }
  return { rules: found.length, asksRoutes: /"(?:fib|rpfilter)"/.test(text) };
}

function entriesOf(text: string): readonly unknown[] {
  const limits: JsonBounds = bounds.json;
  try {
    const list = objectOf(parseBoundedJson(text, limits)).nftables;
    if (!Array.isArray(list)) throw new UnreadableRules('what nft printed has no list "nftables"');
    return list;
  } catch (error) {
    if (error instanceof UnreadableRules) throw error;
    throw new UnreadableRules(
      `what nft printed is not its JSON (${error instanceof Error ? error.message.slice(0, 200) : ''})`,
    );
  }
}

/** What else a table's flags may say; neither changes what its rules do. */
const HARMLESS = new Set(['owner', 'persist']);

/**
 * Whether a table's chains see no packet. Throws {@link UnreadableRules} where its flags cannot be read: nft 1.0.6 prints
 * a letter that means nothing in place of `dormant`.
 */
function isDormant({ flags, family, name }: JsonObject): boolean {
  const said = (Array.isArray(flags) ? flags : flags === undefined ? [] : [flags]).map(textOf);
  const unread = said.find((flag) => flag !== 'dormant' && !HARMLESS.has(flag));
  if (unread !== undefined) {
    throw new UnreadableRules(
      `whether the table ${textOf(family)} ${textOf(name)} is in force is not known, as nft printed its flags as "${unread.slice(0, 40)}"`,
    );
  }
  return said.includes('dormant');
}

const tableKey = ({ family, table }: JsonObject): string => `${textOf(family)} ${textOf(table)}`;
const chainKey = (table: string, name: string): string => `${table} ${name}`;

function addChain(chains: Map<string, Chain>, item: JsonObject, dormant: boolean): void {
  const table = tableKey(item);
  const name = textOf(item.name);
  const hook = dormant ? undefined : HOOKS[textOf(item.hook)];
  const devices =
    typeof item.dev === 'string' ? [item.dev] : Array.isArray(item.dev) ? item.dev.map(textOf) : undefined;
  const priority = typeof item.prio === 'number' ? item.prio : 0;
  const base = hook && {
    hook,
    priority,
    nat: item.type === 'nat',
    policy: item.policy === 'drop' ? ('drop' as const) : ('accept' as const),
    ...(devices && { devices }),
  };
  const key = chainKey(table, name);
  chains.set(key, {
    key,
    table,
    name,
    family: textOf(item.family),
    ...(base && { base }),
    insert: `nft insert rule ${table} ${name}`,
    rules: [],
  });
}

function addRule(chains: ReadonlyMap<string, Chain>, item: JsonObject, sets: NamedSets): void {
  const table = tableKey(item);
  const chain = chains.get(chainKey(table, textOf(item.chain)));
  if (!chain) return;
  const expressions = listOf(item.expr).filter(isObject);
  const statements: Statement[] = expressions.flatMap((expression) =>
    nftStatement(sets, expression, (name) => chainKey(table, name)),
  );
  const handle = typeof item.handle === 'number' ? item.handle : 0;
  chain.rules.push({
    table,
    chain: chain.name,
    place: `handle ${handle}`,
    text: nftText(expressions),
    insert: `nft insert rule ${table} ${chain.name} handle ${handle}`,
    remove: `nft delete rule ${table} ${chain.name} handle ${handle}`,
    statements,
  });
}
