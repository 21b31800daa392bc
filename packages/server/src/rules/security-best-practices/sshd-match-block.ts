import { quote } from './quote.ts';
import { type ListMatch, matchesAddress, matchesList } from './sshd-patterns.ts';
import type { SshSubject } from './sshd-subjects.ts';

export interface MatchBlock {
  /** What stands after `Match`; for a block in a file that a Match block includes, both. */
  readonly criteria: string;
  readonly source: string;
  /** True for `Match all` and its like: every connection matches. */
  readonly always: boolean;
  /** The block whose Include the file of this one stands in: this block matches only where that one does. */
  readonly parent: MatchBlock | undefined;
  /** Its own criteria, names in lower case. */
  readonly conditions: readonly (readonly [name: string, pattern: string])[];
}

/** Whether connections of an account match a block: all, some (by where they come from), none, or not known. */
export type BlockMatch = 'ALWAYS' | 'SOMETIMES' | 'NEVER' | 'UNKNOWN';

/** A connection as `sshd -T -C` is told of one. */
export interface Connection {
  readonly host: string;
  readonly address: string;
  readonly localAddress: string;
  readonly localPort: string;
}

/** The block that a Match line with these values opens. */
export function matchBlock(values: readonly string[], source: string, parent: MatchBlock | undefined): MatchBlock {
  const conditions: [name: string, pattern: string][] = [];
  for (let at = 0; at < values.length; at++) {
    // Newer servers also take `User=name`.
    const [name = '', joined] = (values[at] ?? '').split('=', 2);
    const alone = /^(?:all|invalid-user)$/i.test(name);
    conditions.push([name.toLowerCase(), joined ?? (alone ? '' : (values[++at] ?? ''))]);
  }
  const own = quote(values.join(' '));
  return {
    criteria: parent ? `${quote(parent.criteria)}, and ${own}` : own,
    source,
    always: conditions.length > 0 && conditions.every(isAlways) && (parent?.always ?? true),
    parent,
    conditions,
  };
}

/** Characters of a list that are compared; sshd itself takes no longer pattern. */
const longest = 1024;

const isAlways = ([name, pattern]: readonly [string, string]): boolean =>
  name === 'all' || (pattern === '*' && (name === 'user' || name === 'host' || name === 'address'));

/** What a block's criteria, with those of the blocks that it stands in, say of an account's connections. */
export function blockMatch(block: MatchBlock, subject: SshSubject, connection?: Connection): BlockMatch {
  const parts = block.conditions.map((condition) => conditionMatch(condition, subject, connection));
  if (block.parent) parts.push(blockMatch(block.parent, subject, connection));
  if (parts.includes('NEVER')) return 'NEVER';
  if (parts.includes('UNKNOWN')) return 'UNKNOWN';
  // A Match without criteria is none that sshd takes.
  return parts.length === 0 || parts.includes('SOMETIMES') ? 'SOMETIMES' : 'ALWAYS';
}

function conditionMatch(
  [name, pattern]: readonly [string, string],
  { name: account, groups, unseen }: SshSubject,
  connection: Connection | undefined,
): BlockMatch {
  if (pattern.length > longest || (account?.length ?? 0) > longest) return 'UNKNOWN';
  const certain = (match: ListMatch): BlockMatch => (match === 'YES' ? 'ALWAYS' : 'NEVER');
  switch (name) {
    case 'all':
      return 'ALWAYS';
    case 'invalid-user':
      // Of accounts that do not exist: nobody can log in as one.
      return 'NEVER';
    case 'user':
      if (account !== undefined) return certain(matchesList(account, pattern));
      if (pattern === '*') return 'ALWAYS';
      if (!hasPositive(pattern)) return 'NEVER';
      return unseen ? 'UNKNOWN' : 'SOMETIMES';
    case 'group':
      if (groups !== undefined) return inGroups(groups, pattern);
      if (!hasPositive(pattern)) return 'NEVER';
      return account === undefined && !unseen ? 'SOMETIMES' : 'UNKNOWN';
    case 'host':
      return connection ? certain(matchesList(connection.host, pattern.toLowerCase())) : fromSomewhere(pattern);
    case 'address':
      return connection ? certain(matchesAddress(connection.address, pattern)) : fromSomewhere(pattern);
    case 'localaddress':
      return connection ? certain(matchesAddress(connection.localAddress, pattern)) : fromSomewhere(pattern);
    case 'localport':
      return connection ? certain(matchesList(connection.localPort, pattern)) : fromSomewhere(pattern);
    default:
      return connection ? 'UNKNOWN' : 'SOMETIMES';
  }
}

/** One group by a negated pattern keeps the account out, whichever others it has. */
function inGroups(groups: readonly string[], pattern: string): BlockMatch {
  const matches = groups.map((group) => matchesList(group, pattern));
  return !matches.includes('NEGATED') && matches.includes('YES') ? 'ALWAYS' : 'NEVER';
}

const fromSomewhere = (pattern: string): BlockMatch =>
  pattern === '*' ? 'ALWAYS' : hasPositive(pattern) ? 'SOMETIMES' : 'NEVER';

/** A list of negated patterns alone matches nothing. */
const hasPositive = (list: string): boolean => list.split(',').some((pattern) => !pattern.startsWith('!'));
