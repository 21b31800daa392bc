import type { AssayInput, AssayOutput } from '@assay/model/assay/operations.ts';
import type { CallAssay } from '../api.ts';
import { type CsvColumn, csvOfPages } from './csv-of-pages.ts';
import { after } from './pages.ts';

export type FindingSummary = AssayOutput<'SearchFindings'>['findings'][number];
export type FindingSearch = NonNullable<AssayInput<'SearchFindings'>['filter']>;

const AT_ONCE = 500;

/** Of several packages, in the same order in each column; empty where a version is not known. */
const ofPackages = (
  { packages = [] }: FindingSummary,
  member: 'name' | 'installedVersion' | 'fixedVersion',
): string | undefined => {
  const values = packages.map((each) => each[member] ?? '');
  return values.some(Boolean) ? values.join('; ') : undefined;
};

const columns: readonly CsvColumn<FindingSummary>[] = [
  ['severity', ({ severity }) => severity],
  ['rule', ({ ruleName }) => ruleName],
  ['title', ({ title }) => title],
  ['hostname', ({ hostname }) => hostname],
  ['agent_id', ({ agentId }) => agentId],
  ['packages', (finding) => ofPackages(finding, 'name')],
  ['installed_versions', (finding) => ofPackages(finding, 'installedVersion')],
  ['fixed_versions', (finding) => ofPackages(finding, 'fixedVersion')],
  ['known_exploited', ({ knownExploited }) => (knownExploited ? 'yes' : '')],
  ['epss', ({ epss }) => epss],
  ['created_at', ({ createdAt }) => new Date(createdAt * 1000).toISOString()],
  ['finding_arn', ({ findingArn }) => findingArn],
];

/** Every finding that matches as lines of CSV, the worst first. */
export const findingsCsv = (
  assay: CallAssay,
  filter: FindingSearch,
  progress: (count: number) => void,
): AsyncGenerator<string, undefined> =>
  csvOfPages(
    columns,
    async (token) => {
      const input = { filter, sortBy: 'SEVERITY', includePackages: true, maxResults: AT_ONCE } as const;
      const { findings, nextToken } = await assay('SearchFindings', { ...input, ...after(token) });
      return { items: findings, nextToken };
    },
    progress,
  );
