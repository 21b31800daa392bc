import { type InspectColor, styleText } from 'node:util';
import { printable } from '@assay/agent/printable.ts';
import type { FeedReference } from '../../domain/run-knowledge.ts';
import type {
  Answer,
  Explanation,
  PackageExplanation,
} from '../../rules/common-vulnerabilities-and-exposures/explain.ts';
import { stateWords } from '../scan/vulnerability-view.ts';
import { lineWidth, wrap } from '../terminal/table.ts';

/** What `assay why` answers; `--json` prints it as it is. */
export interface Why extends Explanation {
  readonly host: { readonly agentId: string; readonly hostname: string };
  readonly runArn: string;
  /** Those that the run was judged by, else those of now. */
  readonly advisories: { readonly of: 'run' | 'now'; readonly feeds: readonly FeedReference[] } | null;
}

const answers: Readonly<Record<Answer, readonly [string, InspectColor[]]>> = {
  AFFECTED: ['affected', ['red', 'bold']],
  NOT_AFFECTED: ['not affected', ['green']],
  NOT_ASSESSED: ['not assessed', ['yellow']],
};

/** The answer, each package with what decided, and the feeds that it was told from: for people. */
export function printExplanation(why: Why, stream: NodeJS.WriteStream): void {
  const width = lineWidth(stream);
  const write = (text: string, indent: number): void => {
    for (const line of wrap(printable(text), width - indent)) stream.write(`${' '.repeat(indent)}${line}\n`);
  };
  const [word, format] = answers[why.outcome];
  const { hostname, agentId } = why.host;
  const name = hostname === agentId ? hostname : `${hostname} (${agentId})`;
  stream.write(`${printable(name)}  ${why.cve}  ${styleText(format, word, { stream })}\n`);
  write(`${sentence(why.reason)}${factsOf(why)}`, 2);
  for (const each of why.packages) {
    stream.write('\n');
    write(headline(each), 2);
    for (const line of details(each)) write(line, 4);
  }
  stream.write('\n');
  if (why.advisories) {
    const feeds = why.advisories.feeds.map(({ name: feed, updatedAt }) => `${feed} of ${dayOf(updatedAt)}`).join(', ');
    write(`Advisories ${why.advisories.of === 'run' ? 'that the run was judged by' : 'of now'}: ${feeds}`, 2);
  }
  write(`Evidence: ${why.runArn}`, 2);
}

function headline({ name, installedVersion, sourceName, outcome, state, fixedVersion }: PackageExplanation): string {
  const source = sourceName === name ? '' : ` (source ${sourceName})`;
  const fix = fixedVersion === null || state === 'FIX_AVAILABLE' ? '' : `, fixed in ${fixedVersion}`;
  const standing =
    state === undefined
      ? ''
      : state === 'FIX_AVAILABLE'
        ? `, fixed in ${fixedVersion}`
        : `, ${stateWords[state]}${fix}`;
  return `${name} ${installedVersion}${source}: ${answers[outcome][0]}${standing}`;
}

const details = ({ reason, decisions, announcements }: PackageExplanation): string[] => [
  ...(reason === undefined ? [] : [sentence(reason)]),
  ...decisions.flatMap(({ record, ecosystem, comparison, link }) => [
    `${record} for ${ecosystem}: ${comparison}`,
    ...(link === undefined ? [] : [link]),
  ]),
  ...(announcements.length === 0
    ? []
    : [
        `Announced in ${announcements.map(({ record, link }) => (link === undefined ? record : `${record} ${link}`)).join(', ')}`,
      ]),
];

function factsOf({ facts }: Why): string {
  const exploited =
    facts?.knownExploited === undefined ? '' : ` Known to be exploited (CISA KEV, ${facts.knownExploited}).`;
  const epss = facts?.epss ? ` EPSS ${(facts.epss.score * 100).toFixed(1)} %.` : '';
  return exploited + epss;
}

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
