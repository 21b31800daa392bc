import type { Attribute, Observation } from '../../domain/rules-package.ts';
import type { FindingGroup } from './report-data.ts';

/** Findings that are told together: those of one software package, or one that names none. */
export interface FindingSection {
  /** Unique in the report, fit for an HTML id. */
  readonly anchor: string;
  /** The software that all are about; undefined for a finding that is told by itself. */
  readonly software: string | undefined;
  /** The most urgent first. */
  readonly groups: readonly [FindingGroup, ...FindingGroup[]];
}

/** What a row of a software package's section says of one occurrence, less what the row says already. */
export interface ShortOccurrence {
  readonly observations: readonly Observation[];
  readonly attributes: readonly Attribute[];
}

/** The advice that most rows of a section give: it is said once. Undefined where no two give the same. */
export function commonAdvice({ groups }: FindingSection): string | undefined {
  const counts = new Map<string, number>();
  for (const { variants } of groups) {
    for (const { recommendation } of variants) counts.set(recommendation, (counts.get(recommendation) ?? 0) + 1);
  }
  const [advice = '', count = 0] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), ['', 0]);
  return count > 1 && advice !== '' ? advice : undefined;
}

/** Observations that say the same of several packages become one; attributes whose value the text has are left out. */
export function shortOccurrence(
  { observations, attributes }: ShortOccurrence,
  { rule, description }: { readonly rule: string; readonly description: string },
): ShortOccurrence {
  const merged: Observation[] = [];
  for (const observation of observations) {
    const last = merged.at(-1);
    const [, about = '', said] = SAID_OF.exec(observation.observed) ?? [];
    const [, before = '', saidBefore] = SAID_OF.exec(last?.observed ?? '') ?? [];
    if (last && said !== undefined && said === saidBefore && alike(last, observation)) {
      merged[merged.length - 1] = { ...last, observed: `${before}, ${about}: ${said}` };
    } else merged.push(observation);
  }
  const text = [rule, description, ...merged.map(({ source, observed }) => `${source} ${observed}`)].join('\n');
  const isSaid = (value: string): boolean => value.split(', ').every((part) => text.includes(part));
  return { observations: merged, attributes: attributes.filter(({ value }) => !isSaid(value)) };
}

/** `zlib1g 1.2: every version is affected`. */
const SAID_OF = /^([^:\n]+): (.+)$/s;
const alike = (a: Observation, b: Observation): boolean => a.source === b.source && a.expected === b.expected;

/** Of the same software in the same rules package, those that follow each other: one section instead of dozens. */
export function findingSections(findings: readonly FindingGroup[]): FindingSection[] {
  const runs: [FindingGroup, ...FindingGroup[]][] = [];
  for (const group of findings) {
    const last = runs.at(-1);
    const [first] = last ?? [];
    const together =
      group.component !== undefined &&
      first?.component === group.component &&
      first.rulesPackage === group.rulesPackage;
    if (last && together) last.push(group);
    else runs.push([group]);
  }
  let software = 0;
  return runs.map((groups) => {
    const [first] = groups;
    if (first.component === undefined) return { anchor: first.anchor, software: undefined, groups };
    software += 1;
    return { anchor: `software-${software}`, software: first.component, groups };
  });
}
