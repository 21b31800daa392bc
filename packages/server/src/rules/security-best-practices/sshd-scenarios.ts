import type { SshdConfig, SshdSetting } from './sshd-config.ts';
import type { MatchBlock } from './sshd-match-block.ts';

/** A kind of connection: the Match blocks that it matches, beside those that every connection matches. */
export interface Scenario {
  /** Where it differs from the usual connection, such as ` for connections that match "User bob" (file:12)`. */
  readonly label: string;
  readonly blocks: ReadonlySet<MatchBlock>;
}

const maxPaired = 100;

/**
 * The usual connection, one for each Match block, and one for each two blocks that the same connection could match:
 * no judgement here rests on more than two settings that may stand in Match blocks.
 */
export function* scenarios(config: SshdConfig): Generator<Scenario> {
  yield { label: '', blocks: new Set() };
  const conditional = config.blocks.filter(({ always }) => !always);
  for (const block of conditional) yield scenario([block]);
  const paired = conditional.slice(0, maxPaired);
  for (const [index, first] of paired.entries()) {
    for (const second of paired.slice(index + 1)) {
      if (!disjoint(first, second)) yield scenario([first, second]);
    }
  }
}

function scenario(blocks: readonly MatchBlock[]): Scenario {
  const all = new Set<MatchBlock>();
  for (const block of blocks) {
    for (let each: MatchBlock | undefined = block; each; each = each.parent) all.add(each);
  }
  const names = blocks.map(({ criteria, source }) => `"${criteria}" (${source})`);
  return { label: ` for connections that match ${names.join(' and ')}`, blocks: all };
}

const disjoint = (first: MatchBlock, second: MatchBlock): boolean =>
  first.users !== undefined &&
  second.users !== undefined &&
  !first.users.some((user) => second.users?.includes(user) ?? true);

/**
 * The setting of a keyword that is in force: the first in a block that the connection matches, else the first outside
 * all blocks, else undefined for the server's default. `from` keeps to settings inside or outside of Match blocks.
 */
export function inForce(
  config: SshdConfig,
  { blocks }: Scenario,
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
