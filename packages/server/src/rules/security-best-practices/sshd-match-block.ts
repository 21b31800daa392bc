import { quote } from './quote.ts';

export interface MatchBlock {
  /** What stands after `Match`; for a block in a file that a Match block includes, both. */
  readonly criteria: string;
  readonly source: string;
  /** True for `Match all` and its like: every connection matches. */
  readonly always: boolean;
  /** The block whose Include the file of this one stands in: this block matches only where that one does. */
  readonly parent: MatchBlock | undefined;
  /** The names of a User criterion that has neither wildcard nor negation. */
  readonly users: readonly string[] | undefined;
}

/** The block that a Match line with these values opens. */
export function matchBlock(values: readonly string[], source: string, parent: MatchBlock | undefined): MatchBlock {
  const criteria: [name: string, pattern: string][] = [];
  for (let at = 0; at < values.length; at++) {
    // Newer servers also take `User=name`.
    const [name = '', joined] = (values[at] ?? '').split('=', 2);
    const alone = /^(?:all|invalid-user)$/i.test(name);
    criteria.push([name.toLowerCase(), joined ?? (alone ? '' : (values[++at] ?? ''))]);
  }
  const users = criteria.find(([name]) => name === 'user')?.[1].split(',');
  const own = quote(values.join(' '));
  return {
    criteria: parent ? `${quote(parent.criteria)}, and ${own}` : own,
    source,
    always: criteria.length > 0 && criteria.every(isAlways) && (parent?.always ?? true),
    parent,
    users: users?.every((user) => /^[^*?!]+$/.test(user)) ? users : undefined,
  };
}

const isAlways = ([name, pattern]: readonly [string, string]): boolean =>
  name === 'all' || (pattern === '*' && (name === 'user' || name === 'host' || name === 'address'));
