import type { AssayInput, AssayOutput } from '@assay/model/assay/operations.ts';
import type { CallAssay } from '../api.ts';
import { type CsvColumn, csvOfPages } from './csv-of-pages.ts';
import { after } from './pages.ts';

type Groups = AssayOutput<'GroupFindings'>;
export type FindingGroup = Groups['groups'][number];
export type FindingGrouping = AssayInput<'GroupFindings'>['groupBy'];
export type FindingGroupSearch = NonNullable<AssayInput<'GroupFindings'>['filter']>;

const AT_ONCE = 500;

const names: Readonly<Record<FindingGrouping, string>> = {
  RULE: 'rule',
  PACKAGE: 'package',
  HOST: 'agent_id',
  RULES_PACKAGE: 'rules_package_arn',
};

/** What a file of groups has; `nameOf` names rules packages. */
const groupColumns = (by: FindingGrouping, nameOf: (arn: string) => string): readonly CsvColumn<FindingGroup>[] => [
  [names[by], ({ name }) => name],
  ...(by === 'RULE' ? [['title', ({ title }: FindingGroup) => title] as const] : []),
  ...(by === 'HOST' ? [['hostname', ({ hostname }: FindingGroup) => hostname] as const] : []),
  ...(by === 'RULES_PACKAGE' ? [['rules_package', ({ name }: FindingGroup) => nameOf(name)] as const] : []),
  ['severity', ({ severity }) => severity],
  ['known_exploited', ({ knownExploited }) => knownExploited],
  ['epss', ({ epss }) => epss],
  ['findings', ({ findings }) => findings],
  ['hosts', ({ hosts }) => hosts],
  ['rules', ({ rules }) => rules],
  ['with_fix', ({ fixable }) => fixable],
  ['high', ({ counts }) => counts.high],
  ['medium', ({ counts }) => counts.medium],
  ['low', ({ counts }) => counts.low],
  ['informational', ({ counts }) => counts.informational],
  ['undefined', ({ counts }) => counts.undefined],
  ['packages', ({ packages }) => packages.join('; ')],
  ['rules_packages', ({ rulesPackageArns }) => rulesPackageArns.map(nameOf).join('; ')],
  ['assessed_at', ({ assessedAt }) => (assessedAt === undefined ? '' : new Date(assessedAt * 1000).toISOString())],
];

interface GroupsAsked {
  readonly by: FindingGrouping;
  readonly filter: FindingGroupSearch;
  readonly nameOf: (arn: string) => string;
  readonly progress: (count: number) => void;
  /** Told where there are more findings than the server counts: numbers are lower bounds. */
  readonly incomplete: () => void;
}

/** Every group that matches as lines of CSV, the most urgent first. */
export const findingGroupsCsv = (
  assay: CallAssay,
  { by, filter, nameOf, progress, incomplete }: GroupsAsked,
): AsyncGenerator<string, undefined> =>
  csvOfPages(
    groupColumns(by, nameOf),
    async (token) => {
      const found = await assay('GroupFindings', { groupBy: by, filter, maxResults: AT_ONCE, ...after(token) });
      if (!found.complete) incomplete();
      return { items: found.groups, nextToken: found.nextToken };
    },
    progress,
  );
