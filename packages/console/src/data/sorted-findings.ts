import { byEpss, exploitationOf } from '@assay/model/exploitation.ts';
import type { Call } from '../api.ts';
import type { Finding } from './describe.ts';
import { type FindingAttribute, findingsOf, type SeverityName } from './findings.ts';

/** The orders that findings can be read in, and what each is called. */
export const findingSorts = {
  severity: 'Severity first',
  exploited: 'Known exploited first',
  epss: 'EPSS highest first',
} as const;
export type FindingSort = keyof typeof findingSorts;

/** What an address asks for; the worst first where it asks for nothing that there is. */
export const sortOf = (text: string | null): FindingSort =>
  text !== null && Object.hasOwn(findingSorts, text) ? (text as FindingSort) : 'severity';

/** Findings that are sorted by EPSS, for which all of them must be here; those after them keep their order. */
export const SORTED_AT_MOST = 5000;
/** Findings that are asked for at once where all of them are read: as many as the API's model allows. */
const MOST = 500;

const KNOWN_EXPLOITED: FindingAttribute = { key: 'KNOWN_EXPLOITED', value: 'true' };

/** The highest score first, those without one last; findings that stand alike keep the order that they have. */
export const sortByEpss = <F extends Pick<Finding, 'attributes'>>(findings: readonly F[]): readonly F[] =>
  findings
    .map((finding) => ({ finding, ...exploitationOf(finding.attributes) }))
    .toSorted(byEpss)
    .map(({ finding }) => finding);

interface Wanted {
  /** The run's ARN. */
  readonly run: string;
  readonly wanted: readonly SeverityName[];
  readonly attributes: readonly FindingAttribute[];
}

/** A run's findings in that order, each once, in pages that are full but for the last. */
export async function* sortedFindings(
  call: Call,
  { run, wanted, attributes }: Wanted,
  sort: FindingSort,
  pageSize: number,
  limit: number = SORTED_AT_MOST,
): AsyncGenerator<readonly Finding[], undefined> {
  const onlyExploited = attributes.some(({ key, value }) => key === KNOWN_EXPLOITED.key && value === 'true');
  if (sort === 'epss') {
    yield* paged(epssFirst(findingsOf(call, run, wanted, Math.min(MOST, limit), attributes), limit), pageSize);
  } else if (sort === 'exploited' && !onlyExploited) {
    const exploited = findingsOf(call, run, wanted, pageSize, [...attributes, KNOWN_EXPLOITED]);
    yield* paged(exploitedFirst(exploited, findingsOf(call, run, wanted, pageSize, attributes)), pageSize);
  } else {
    yield* findingsOf(call, run, wanted, pageSize, attributes);
  }
  return undefined;
}

type Pages = AsyncIterable<readonly Finding[]>;

/** The API picks those that are exploited, so that as little is read for the first page as for any other order. */
async function* exploitedFirst(exploited: Pages, all: Pages): Pages {
  yield* exploited;
  for await (const page of all) yield page.filter((finding) => !exploitationOf(finding.attributes).knownExploited);
}

async function* epssFirst(pages: Pages, limit: number): Pages {
  let held: Finding[] | undefined = [];
  for await (const page of pages) {
    if (!held) {
      yield page;
      continue;
    }
    held.push(...page);
    if (held.length >= limit) {
      yield sortByEpss(held);
      held = undefined;
    }
  }
  if (held) yield sortByEpss(held);
}

async function* paged(pages: Pages, size: number): AsyncGenerator<readonly Finding[], undefined> {
  let rest: Finding[] = [];
  for await (const page of pages) {
    rest.push(...page);
    for (; rest.length >= size; rest = rest.slice(size)) yield rest.slice(0, size);
  }
  if (rest.length > 0) yield rest;
  return undefined;
}
