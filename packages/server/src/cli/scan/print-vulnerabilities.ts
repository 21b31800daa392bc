import { vulnerabilityStates } from '../../domain/rules-package.ts';
import { stateWords } from '../../domain/vulnerability-words.ts';
import { style } from '../terminal/guarded-output.ts';
import { severityColours } from '../terminal/severity-colours.ts';
import { lineWidth, renderTable, wrap } from '../terminal/table.ts';
import { byUrgency, isPressing, type VulnerabilityView } from './vulnerability-view.ts';

export interface Shown {
  /** Rows of vulnerabilities at most; all where it is absent. */
  readonly limit?: number;
  /** The command that shows all of them. */
  readonly hint?: string;
}

/**
 * Vulnerabilities for people: what can be done something about first, the most urgent on top, and the rest in numbers.
 * Without a limit, all of them.
 */
export function printVulnerabilities(
  vulnerabilities: readonly VulnerabilityView[],
  stream: NodeJS.WriteStream,
  { limit, hint }: Shown = {},
): void {
  const width = lineWidth(stream);
  const sorted = vulnerabilities.toSorted(byUrgency);
  const pressing = sorted.filter(isPressing);
  // The worst are shown whether or not something can be done about them now.
  const chosen = new Set([...pressing.slice(0, limit), ...sorted.slice(0, Math.min(WORST, limit ?? WORST))]);
  const shown = limit === undefined ? sorted : sorted.filter((each) => chosen.has(each));
  const fixed = sorted.filter(({ state }) => state === 'FIX_AVAILABLE').length;
  const heading = style('bold', 'Vulnerabilities', stream);
  stream.write(`\n${heading}  ${vulnerabilities.length} CVEs, ${fixed} with a fix\n`);
  if (shown.length > 0) {
    stream.write(
      `\n${renderTable(
        [
          { title: 'SEVERITY' },
          { title: 'CVE' },
          { title: 'EPSS', width: 5 },
          { title: 'PACKAGE', width: PACKAGE },
          { title: 'FIXED IN' },
        ],
        shown.map((each) => [
          each.severity,
          `${each.cve}${each.knownExploited ? ' !' : ''}`,
          each.epss === undefined ? '' : percent(each.epss),
          packageCell(each.packages),
          each.fixed === undefined ? stateWords[each.state] : shorten(each.fixed, 60),
        ]),
        width,
        (text, row, column) =>
          column === 0 && text ? style(severityColours[shown[row]?.severity ?? 'Undefined'], text, stream) : text,
      )}`,
    );
  }
  const lines = [
    ...(shown.some(({ knownExploited }) => knownExploited) ? ['! is known to be exploited (CISA KEV).'] : []),
    ...rest(sorted, new Set(shown), shown.length, hint),
  ];
  if (lines.length > 0) stream.write('\n');
  for (const line of lines.flatMap((text) => wrap(text, width - 2))) stream.write(`  ${line}\n`);
}

/** `Not shown: 12 more with a fix, 733 without a fix yet, 1041 unimportant.` */
function rest(
  all: readonly VulnerabilityView[],
  shown: ReadonlySet<VulnerabilityView>,
  count: number,
  hint: string | undefined,
): string[] {
  const left = all.filter((each) => !shown.has(each));
  if (left.length === 0) return [];
  const quiet = left.filter(({ severity }) => severity === 'Informational');
  const counts = vulnerabilityStates.flatMap((state) => {
    const found = left.filter((each) => each.state === state && each.severity !== 'Informational').length;
    return found === 0 ? [] : [`${found} ${stateWords[state]}`];
  });
  if (quiet.length > 0) counts.push(`${quiet.length} that the distribution calls unimportant or that do not run`);
  const more = count > 0 ? 'And' : 'There are';
  return [`${more} ${counts.join(', ')}.`, ...(hint === undefined ? [] : [`All of them: ${hint}`])];
}

/** Rows of the worst, at most. */
const WORST = 10;

/** Characters of a package's column. */
const PACKAGE = 20;

/** The first package, and how many more there are: `libc-bin +5`. */
function packageCell(names: string): string {
  const [first = '', ...others] = names.split(', ');
  // An attribute that was too long ends with `and 12 more`.
  const cut = /^and (\d+) more$/.exec(others.at(-1) ?? '')?.[1];
  const count = cut === undefined ? others.length : others.length - 1 + Number(cut);
  const more = count === 0 ? '' : ` +${count}`;
  return `${shorten(first, PACKAGE - more.length)}${more}`;
}

const percent = (share: number): string => `${share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)} %`;

const shorten = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, limit - 1)}…`);
