import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { hiddenPath, hides } from './hidden.ts';
import { quote } from './quote.ts';
import type { SshdInstance } from './sshd-instances.ts';
import { sshdLine } from './sshd-line.ts';
import { type MatchBlock, matchBlock } from './sshd-match-block.ts';
import { type Unknown, unknownBy } from './unknown.ts';

export interface SshdSetting {
  readonly keyword: string;
  /** Lower case where sshd does not care. */
  readonly values: readonly string[];
  readonly source: string;
  readonly text: string;
  readonly block: MatchBlock | undefined;
  /** Position among all settings and problems. */
  readonly order: number;
}

/** Something that keeps the configuration from being known; what stands before it is certain. */
interface SshdProblem extends Unknown {
  readonly order: number;
}

/** The settings that rules ask for, in sshd's order, the first of each keyword in each block. */
export interface SshdConfig {
  readonly settings: readonly SshdSetting[];
  readonly blocks: readonly MatchBlock[];
  readonly problems: readonly SshdProblem[];
}

const judged = new Set([
  'permitrootlogin',
  'passwordauthentication',
  'kbdinteractiveauthentication',
  'challengeresponseauthentication',
  'usepam',
  'authenticationmethods',
  'protocol',
  'allowusers',
  'denyusers',
  'allowgroups',
  'denygroups',
]);
/** sshd gives up on a deeper Include. */
const maxDepth = 16;
/** Characters read, each Include counted in full each time: nested Includes can multiply without end. */
const maxWork = 20_000_000;
const maxBlocks = 500;

interface Reading {
  readonly files: ReadonlyMap<string, string>;
  readonly includes: ReadonlyMap<string, readonly string[]>;
  readonly limitations: readonly Limitation[];
  readonly settings: SshdSetting[];
  readonly blocks: MatchBlock[];
  readonly problems: SshdProblem[];
  readonly seen: Map<MatchBlock | undefined, Set<string>>;
  order: number;
  work: number;
  stopped: boolean;
}

/** Reads the configuration of one instance: its -o options, then its file with every Include in place. */
export function readSshdConfig(
  data: EvidenceData<'sshd'>,
  limitations: readonly Limitation[],
  instance: SshdInstance,
): SshdConfig {
  const reading: Reading = {
    files: new Map(data.files.toReversed().map(({ path, content }) => [path, content])),
    includes: new Map(data.includes.toReversed().map(({ pattern, files }) => [pattern, files])),
    limitations,
    settings: [],
    blocks: [],
    problems: [],
    seen: new Map(),
    order: 0,
    work: 0,
    stopped: false,
  };
  for (const option of instance.options) {
    const line = sshdLine(option);
    if (line) addSetting(reading, line.keyword, line.values, instance.source, `-o ${option}`, undefined);
  }
  if (instance.configPath !== undefined) readFile(reading, instance.configPath, instance.label, undefined, 0);
  return reading;
}

function readFile(reading: Reading, path: string, askedBy: string, outer: MatchBlock | undefined, depth: number): void {
  const content = reading.files.get(path);
  if (content === undefined) {
    const limitation = hiddenPath(reading.limitations, path);
    addProblem(
      reading,
      askedBy,
      limitation
        ? unknownBy(limitation, `${quote(path)} could not be read: `)
        : { text: `${quote(path)} was not reported`, cause: 'NOT_REPORTED' },
    );
    return;
  }
  let block = outer;
  let number = 0;
  for (const text of linesOf(content)) {
    number++;
    if (reading.stopped) return;
    reading.work += text.length + 50;
    if (reading.work > maxWork) {
      stop(reading, path, 'the configuration is longer than is read');
      return;
    }
    const line = sshdLine(text);
    if (!line) continue;
    const source = `${path}:${number}`;
    if (line.keyword === 'match') {
      block = matchBlock(line.values, source, outer);
    } else if (line.keyword === 'include') {
      if (depth >= maxDepth && line.values.length > 0) {
        stop(reading, source, `Include is nested deeper than the ${maxDepth} levels that sshd accepts`);
        return;
      }
      for (const pattern of line.values) include(reading, pattern, source, block, depth);
    } else {
      addSetting(reading, line.keyword, line.values, source, text, block);
    }
  }
}

function* linesOf(content: string): Generator<string> {
  let start = 0;
  while (start < content.length) {
    const end = content.indexOf('\n', start);
    yield content.slice(start, end < 0 ? content.length : end);
    if (end < 0) return;
    start = end + 1;
  }
}

function include(
  reading: Reading,
  written: string,
  source: string,
  block: MatchBlock | undefined,
  depth: number,
): void {
  reading.work += 5000;
  const pattern = /^[/~]/.test(written) ? written : `/etc/ssh/${written}`;
  const literal = !/[*?[\]{}]/.test(pattern) && reading.files.has(pattern) ? [pattern] : undefined;
  const matched = reading.includes.get(written) ?? reading.includes.get(pattern) ?? literal;
  if (!matched) {
    const text = `what Include ${quote(written)} matches was not reported`;
    addProblem(reading, source, { text, cause: 'NOT_REPORTED' });
  }
  const limitation = reading.limitations.find((each) => hidesMatches(each, pattern, matched ?? []));
  if (limitation) {
    addProblem(reading, source, unknownBy(limitation, `Include ${quote(written)} is not fully known: `));
  }
  for (const path of matched ?? []) {
    if (!reading.stopped) readFile(reading, path, source, block, depth + 1);
  }
}

/** Whether a limitation is about the pattern, its folder, or a file there that is not among the matches. */
function hidesMatches(limitation: Limitation, pattern: string, matched: readonly string[]): boolean {
  const { subject } = limitation;
  if (!hides(limitation) || matched.includes(subject)) return false;
  if (subject === pattern) return true;
  const wildcard = pattern.search(/[*?[]/);
  const folder = pattern.slice(0, pattern.lastIndexOf('/', wildcard < 0 ? pattern.length : wildcard) + 1);
  const within = wildcard >= 0 && folder.length > 1 && `${subject}/`.startsWith(folder) && !subject.includes(':');
  return within || (subject.length > 1 && folder.startsWith(`${subject}/`));
}

function addSetting(
  reading: Reading,
  written: string,
  values: readonly string[],
  source: string,
  text: string,
  block: MatchBlock | undefined,
): void {
  const keyword = written === 'skeyauthentication' ? 'challengeresponseauthentication' : written;
  if (!judged.has(keyword)) return;
  const seen = reading.seen.get(block) ?? new Set();
  if (seen.has(keyword)) return;
  if (seen.size === 0 && block) {
    if (reading.blocks.length >= maxBlocks) {
      stop(reading, source, 'there are more Match blocks than are read');
      return;
    }
    reading.blocks.push(block);
  }
  reading.seen.set(block, seen.add(keyword));
  reading.settings.push({
    keyword,
    values: values.map((value) => value.toLowerCase()),
    source,
    text: quote(text),
    block,
    order: reading.order++,
  });
}

const addProblem = (reading: Reading, source: string, { text, cause }: Unknown): void => {
  if (reading.problems.length < 100) {
    reading.problems.push({ text: `${source}: ${text}`, cause, order: reading.order });
  }
  reading.order++;
};

const stop = (reading: Reading, source: string, reason: string): void => {
  addProblem(reading, source, { text: reason, cause: 'NOT_JUDGED' });
  reading.stopped = true;
};
