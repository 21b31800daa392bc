import type { AssayInput, AssayOutput } from '@assay/model/assay/operations.ts';
import { csvLine } from '@assay/model/csv.ts';
import type { CallAssay } from '../api.ts';
import { after } from './pages.ts';

export type FindingSummary = AssayOutput<'SearchFindings'>['findings'][number];
export type FindingSearch = NonNullable<AssayInput<'SearchFindings'>['filter']>;

const columns: readonly (readonly [title: string, value: (finding: FindingSummary) => string | number | undefined])[] =
  [
    ['severity', ({ severity }) => severity],
    ['rule', ({ ruleName }) => ruleName],
    ['title', ({ title }) => title],
    ['hostname', ({ hostname }) => hostname],
    ['agent_id', ({ agentId }) => agentId],
    ['package', ({ packageName }) => packageName],
    ['installed_version', ({ installedVersion }) => installedVersion],
    ['fixed_version', ({ fixedVersion }) => fixedVersion],
    ['known_exploited', ({ knownExploited }) => (knownExploited ? 'yes' : '')],
    ['epss', ({ epss }) => epss],
    ['created_at', ({ createdAt }) => new Date(createdAt * 1000).toISOString()],
    ['finding_arn', ({ findingArn }) => findingArn],
  ];

/** Every finding that matches as lines of CSV, a page at a time; `progress` is told how many there were. */
export async function* findingsCsv(
  assay: CallAssay,
  filter: FindingSearch,
  progress: (count: number) => void,
): AsyncGenerator<string, undefined> {
  yield csvLine(columns.map(([title]) => title));
  let token: string | undefined;
  let count = 0;
  do {
    const { findings, nextToken } = await assay('SearchFindings', { filter, maxResults: 500, ...after(token) });
    yield findings.map((finding) => csvLine(columns.map(([, value]) => value(finding)))).join('');
    count += findings.length;
    progress(count);
    token = nextToken;
  } while (token !== undefined);
  return undefined;
}
