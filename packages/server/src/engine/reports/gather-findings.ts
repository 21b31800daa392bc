import { byExploitation, type Exploitation, exploitationOf } from '@assay/model/exploitation.ts';
import type { Attribute } from '../../domain/rules-package.ts';
import { severities } from '../../domain/severity.ts';
import type { ReportedFinding } from '../../store/tables/report-reader.ts';
import type { Verdicts } from './gather-verdicts.ts';
import type { FindingGroup, FindingVariant, Occurrence, ReportHost } from './report-data.ts';
import { order, type ReportHosts } from './report-hosts.ts';
import type { ReportPackages } from './report-packages.ts';

interface MutableGroup extends Omit<FindingGroup, 'anchor' | 'hosts' | 'variants' | 'component' | 'title'> {
  title: string;
  readonly variants: Map<string, { description: string; recommendation: string; occurrences: Occurrence[] }>;
  readonly hosts: Set<ReportHost>;
  component: string | undefined;
  /** The most urgent of its findings. */
  exploitation: Exploitation;
}

/**
 * A run's findings by rule, each with all its hosts: by package, then the most urgent and the most widespread first. Among
 * equal severities, what is known to be exploited and what is likely to be goes before the rest.
 */
export async function gatherFindings(
  findings: AsyncIterable<ReportedFinding>,
  {
    verdicts,
    hosts,
    packages,
  }: { readonly verdicts: Verdicts; readonly hosts: ReportHosts; readonly packages: ReportPackages },
): Promise<FindingGroup[]> {
  const groups = new Map<string, MutableGroup>();
  for await (const { id, agent, rulesPackage, rule, severity, document, verdict } of findings) {
    const { title = rule, description = '', recommendation = '', assetAttributes } = document;
    const host = hosts.of(agent, assetAttributes);
    hosts.count(host, severity);
    packages.count(rulesPackage, severity);
    // Titles of the original name the host: the same finding on two of them is one group.
    const common = agent ? title.replace(`On instance ${agent}, `, '').replace(agent, 'the instance') : title;
    const key = [rulesPackage, severity, rule, common].join('\n');
    const exploitation = exploitationOf(document.attributes);
    const group = groups.get(key) ?? {
      rulesPackage: packages.of(rulesPackage),
      rule,
      severity,
      title,
      variants: new Map(),
      hosts: new Set(),
      component: componentOf(document.attributes),
      exploitation,
    };
    groups.set(key, group);
    group.hosts.add(host);
    if (group.hosts.size > 1) group.title = common;
    if (group.component !== componentOf(document.attributes)) group.component = undefined;
    if (byExploitation(exploitation, group.exploitation) < 0) group.exploitation = exploitation;
    const texts = `${description}\n\n${recommendation}`;
    const variant = group.variants.get(texts) ?? { description, recommendation, occurrences: [] };
    group.variants.set(texts, variant);
    variant.occurrences.push({
      id,
      host,
      attributes: shown(document.attributes),
      observations: verdicts.observationsOf({ agent, rulesPackage, verdict }),
    });
  }
  const urgent = (a: MutableGroup, b: MutableGroup): number =>
    severities.indexOf(b.severity) - severities.indexOf(a.severity) || byExploitation(a.exploitation, b.exploitation);
  // Of the same software together, as urgent as the most urgent of it.
  const leaders = new Map<string, MutableGroup>();
  const softwareOf = ({ rulesPackage, component }: MutableGroup): string => `${rulesPackage.arn}\n${component}`;
  for (const group of groups.values()) {
    const before = leaders.get(softwareOf(group));
    if (group.component !== undefined && (!before || urgent(group, before) < 0)) leaders.set(softwareOf(group), group);
  }
  const leaderOf = (group: MutableGroup): MutableGroup => leaders.get(softwareOf(group)) ?? group;
  const places = new Map(packages.all().map((each, at) => [each, at]));
  return [...groups.values()]
    .sort(
      (a, b) =>
        (places.get(a.rulesPackage) ?? 0) - (places.get(b.rulesPackage) ?? 0) ||
        urgent(leaderOf(a), leaderOf(b)) ||
        order(a.component ?? '', b.component ?? '') ||
        urgent(a, b) ||
        b.hosts.size - a.hosts.size ||
        order(a.rule, b.rule) ||
        order(a.title, b.title),
    )
    .map(({ exploitation: _, ...group }, index) => ({
      ...group,
      anchor: `finding-${index + 1}`,
      hosts: group.hosts.size,
      variants: [...group.variants.values()].map(sorted).sort((a, b) => b.occurrences.length - a.occurrences.length),
    }));
}

const sorted = ({ occurrences, ...texts }: FindingVariant): FindingVariant => ({
  ...texts,
  occurrences: occurrences.toSorted(
    (a, b) =>
      order(a.host.hostname, b.host.hostname) || order(a.host.agent ?? '', b.host.agent ?? '') || order(a.id, b.id),
  ),
});

/** The software or the service that findings are about: they stand together. */
const componentOf = (attributes: readonly { readonly key: string; readonly value?: string | undefined }[]) =>
  attributes.find(({ key }) => key === 'package_name' || key === 'PORT_GROUP_NAME')?.value;

/** An imported finding's attributes may lack a value. */
const shown = (attributes: readonly { readonly key: string; readonly value?: string | undefined }[]): Attribute[] =>
  attributes.flatMap(({ key, value = '' }) => (key === 'INSTANCE_ID' ? [] : [{ key, value }]));
