import type { SshdConfig, SshdSetting } from './sshd-config.ts';
import { blockMatch, type MatchBlock } from './sshd-match-block.ts';
import type { SshSubject } from './sshd-subjects.ts';

/** A kind of connection: the Match blocks that it matches. */
export interface Scenario {
  /** Where it differs from the usual connection, such as ` for connections that match "User bob" (file:12)`. */
  readonly label: string;
  readonly blocks: ReadonlySet<MatchBlock>;
  /** Why it is not known whether there is such a connection. */
  readonly uncertain?: string;
}

const maxPaired = 100;

/**
 * The usual connection of an account, one for each Match block that some of its connections match, and one for each two
 * of those: no judgement here rests on more than two settings that may stand in Match blocks.
 */
export function* scenarios(config: SshdConfig, subject: SshSubject): Generator<Scenario> {
  const matches = new Map(config.blocks.map((block) => [block, blockMatch(block, subject)]));
  const always = config.blocks.filter((block) => matches.get(block) === 'ALWAYS');
  const conditional = config.blocks.filter((block) => /SOMETIMES|UNKNOWN/.test(matches.get(block) ?? ''));
  const scenario = (blocks: readonly MatchBlock[]): Scenario => {
    const names = blocks.map(({ criteria, source }) => `"${criteria}" (${source})`);
    const unknown = blocks.filter((block) => matches.get(block) === 'UNKNOWN');
    return {
      label: blocks.length === 0 ? '' : ` for connections that match ${names.join(' and ')}`,
      blocks: withParents([...always, ...blocks]),
      ...(unknown.length > 0 ? { uncertain: whyUncertain(unknown, subject) } : {}),
    };
  };
  // A scenario in which an account must exist that was not seen says nothing of the usual connection.
  if (!subject.unseen) yield scenario([]);
  for (const block of conditional) yield scenario([block]);
  const paired = conditional.slice(0, maxPaired);
  for (const [index, first] of paired.entries()) {
    for (const second of paired.slice(index + 1)) {
      if (!disjoint(first, second)) yield scenario([first, second]);
    }
  }
}

function withParents(blocks: readonly MatchBlock[]): ReadonlySet<MatchBlock> {
  const all = new Set<MatchBlock>();
  for (const block of blocks) {
    for (let each: MatchBlock | undefined = block; each; each = each.parent) all.add(each);
  }
  return all;
}

function whyUncertain(blocks: readonly MatchBlock[], { name }: SshSubject): string {
  const named = blocks.map(({ criteria, source }) => `"Match ${criteria}" (${source})`).join(' and ');
  const whom = name === undefined ? 'another account with the user id 0' : name;
  return `whether ${named} matches ${whom} is not known, because accounts and groups were not seen whole`;
}

/** Whether two blocks name different users, none by a pattern. */
function disjoint(first: MatchBlock, second: MatchBlock): boolean {
  const [one, other] = [exactUsers(first), exactUsers(second)];
  return one !== undefined && other !== undefined && !one.some((user) => other.includes(user));
}

function exactUsers({ conditions }: MatchBlock): readonly string[] | undefined {
  const users = conditions.find(([name]) => name === 'user')?.[1].split(',');
  return users?.every((user) => /^[^*?!]+$/.test(user)) ? users : undefined;
}

/**
 * The setting of a keyword that is in force: the first in a block that the connection matches, else the first outside
 * all blocks, else undefined for the server's default. `from` keeps to settings inside or outside of Match blocks.
 */
export function inForce(
  config: SshdConfig,
  { blocks }: Pick<Scenario, 'blocks'>,
  keywords: readonly string[],
  from: 'anywhere' | 'matched' | 'global' = 'anywhere',
): SshdSetting | undefined {
  const candidates = config.settings.filter(({ keyword }) => keywords.includes(keyword));
  const matched =
    from === 'global' ? undefined : candidates.find(({ block }) => block && (block.always || blocks.has(block)));
  return matched ?? (from === 'matched' ? undefined : candidates.find(({ block }) => block === undefined));
}

/** Whether nothing that could not be read can stand before a setting; a default is certain when all could be read. */
export const isCertain = (config: SshdConfig, setting: SshdSetting | undefined): boolean => {
  const problem = config.problems[0];
  return problem === undefined || (setting !== undefined && setting.order < problem.order);
};
