import { exploitationOf } from '@assay/model/exploitation.ts';
import { firstParagraph } from '../../domain/first-paragraph.ts';
import { severities } from '../../domain/severity.ts';
import type { FindingGroup, Priority } from './report-data.ts';
import { noCounts, order } from './report-hosts.ts';

/** Steps that are shown; a reader who has done these asks for a new report. */
const SHOWN = 12;
/** Characters of what is to be done. */
const MAX_ACTION = 320;

/**
 * What to do first: one step for each software package or rule. What is known to be exploited comes before everything else,
 * then the gravest and, among equals, what can be fixed, what is likeliest to be exploited and what is most widespread.
 */
export function prioritiesOf(findings: readonly FindingGroup[]): { shown: readonly Priority[]; left: number } {
  const steps = [...Map.groupBy(findings, stepOf).values()].map((groups): Priority => {
    const [first] = groups;
    if (!first) throw new Error('A group has an element');
    const occurrences = groups.flatMap(({ variants }) => variants.flatMap((variant) => variant.occurrences));
    const counts = noCounts();
    for (const { severity, variants } of groups) {
      for (const variant of variants) counts[severity] += variant.occurrences.length;
    }
    const exploitations = occurrences.map(({ attributes }) => exploitationOf(attributes));
    const fixed = (group: FindingGroup): boolean =>
      group.variants.some((variant) =>
        variant.occurrences.some(({ attributes }) => attributes.some(({ key }) => key === 'fixed_version')),
      );
    const advice = firstParagraph((groups.find(fixed) ?? first).variants[0]?.recommendation ?? '');
    const epss = Math.max(-1, ...exploitations.map((each) => each.epss ?? -1));
    return {
      what: first.component ?? first.title,
      anchor: first.anchor,
      rules: groups.length,
      counts,
      hosts: new Set(occurrences.map(({ host }) => host)).size,
      knownExploited: groups.filter(({ variants }) =>
        variants.some((variant) =>
          variant.occurrences.some(({ attributes }) => exploitationOf(attributes).knownExploited),
        ),
      ).length,
      epss: epss < 0 ? undefined : epss,
      fixable: first.component === undefined || groups.some(fixed),
      action: advice.length <= MAX_ACTION ? advice : `${advice.slice(0, MAX_ACTION - 1)}…`,
    };
  });
  const gravest = ({ counts }: Priority): number =>
    Math.max(...severities.map((severity, at) => (counts[severity] > 0 ? at : -1)));
  steps.sort(
    (a, b) =>
      Number(b.knownExploited > 0) - Number(a.knownExploited > 0) ||
      gravest(b) - gravest(a) ||
      Number(b.fixable) - Number(a.fixable) ||
      (b.epss ?? -1) - (a.epss ?? -1) ||
      b.hosts - a.hosts ||
      b.rules - a.rules ||
      order(a.what, b.what),
  );
  return { shown: steps.slice(0, SHOWN), left: Math.max(0, steps.length - SHOWN) };
}

const stepOf = ({ component, rulesPackage, rule, severity, title }: FindingGroup): string =>
  component === undefined ? [rulesPackage.arn, severity, rule, title].join('\n') : `component\n${component}`;
