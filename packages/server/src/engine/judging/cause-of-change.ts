import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { explain } from '../../rules/common-vulnerabilities-and-exposures/explain.ts';
import type { Finding } from '../../store/tables/finding.ts';
import type { RunPicture } from './run-picture.ts';

/**
 * Why a finding is in one run and not in another. `CONFIGURATION`: what the host reported changed, for rules that are
 * not about packages. `UNKNOWN` where what it would take to say is not kept: it is never guessed.
 */
export interface Cause {
  readonly kind: 'PACKAGE' | 'ADVISORY' | 'RULE' | 'HOST' | 'COVERAGE' | 'CONFIGURATION' | 'UNKNOWN';
  readonly detail: string;
}

interface Sides {
  readonly has: RunPicture;
  readonly lacks: RunPicture;
  readonly change: 'CAME' | 'WENT';
}

export async function causeOf(finding: Finding, sides: Sides): Promise<Cause> {
  return notAsked(finding, sides) ?? (await judgedOtherwise(finding, sides));
}

/** The other run did not look: at the host, by the rules package, or at what this is about. */
function notAsked({ agent, rulesPackage, rule, document }: Finding, { lacks, change }: Sides): Cause | undefined {
  const id = lacks.run.id;
  if (agent === null || lacks.run.imported) {
    return { kind: 'UNKNOWN', detail: 'the history was imported: what it was told from was not' };
  }
  const status = lacks.hosts.get(agent);
  if (status === undefined) {
    return { kind: 'HOST', detail: change === 'CAME' ? `the host was not in ${id}` : `the host is not in ${id}` };
  }
  if (!lacks.packages.includes(rulesPackage)) {
    return { kind: 'COVERAGE', detail: `${id} has not this rules package` };
  }
  const source = document.attributes.find(({ key }) => key === 'package_name')?.value?.split(', ') ?? [];
  const exclusion = lacks.exclusions.find(({ subject, document: said }) => {
    const scopes = said.scopes ?? [];
    const about = (key: string, value: string): boolean =>
      scopes.every((scope) => scope.key !== key || scope.value === value);
    if (!about('INSTANCE_ID', agent) || !about('RULES_PACKAGE_ARN', rulesPackage)) return false;
    if (subject.startsWith('old-feeds/')) return false;
    if (!subject.startsWith('evaluation-error/')) return true;
    const rules = (said.attributes ?? []).map(({ value }) => value);
    return (
      [rule, 'Every rule', 'Advisories of the release', 'Installed packages'].some((each) => rules.includes(each)) ||
      source.some((name) => rules.includes(`Package ${name}`))
    );
  });
  if (exclusion)
    return { kind: 'COVERAGE', detail: `not assessed in ${id}: ${exclusion.document.title ?? 'excluded'}` };
  return status === 'PENDING' ? { kind: 'COVERAGE', detail: `the host did not deliver in ${id}` } : undefined;
}

async function judgedOtherwise(finding: Finding, sides: Sides): Promise<Cause> {
  const { has, lacks } = sides;
  const agent = finding.agent ?? '';
  const versions = [has, lacks].map(({ knowledge }) => knowledge?.versions[finding.rulesPackage]);
  const [own, other] = [await has.evidence(agent), await lacks.evidence(agent)];
  if (!own || !other) {
    return { kind: 'UNKNOWN', detail: `the evidence of ${own ? lacks.run.id : has.run.id} is not kept any more` };
  }
  const cve = finding.document.attributes.find(({ key }) => key === 'CVE_ID')?.value;
  const seen =
    cve === undefined ? differentDocuments(other, own, sides) : differentPackages(finding, other, own, sides);
  const digests = [has, lacks].map(({ knowledge }) => knowledge?.advisories?.digest);
  const newAdvisories = cve !== undefined && digests[0] !== digests[1];
  const rules = versions[0] !== versions[1];
  if (seen && newAdvisories) return (await decide(cve, seen, { own, other }, finding, sides)) ?? bothChanged(seen);
  if (seen) return { kind: cve === undefined ? 'CONFIGURATION' : 'PACKAGE', detail: seen };
  if (newAdvisories) return { kind: 'ADVISORY', detail: records(finding, sides) };
  if (rules) {
    const [from, to] = sides.change === 'CAME' ? [versions[1], versions[0]] : [versions[0], versions[1]];
    return { kind: 'RULE', detail: `rules package ${from ?? 'unknown'} → ${to ?? 'unknown'}` };
  }
  return { kind: 'UNKNOWN', detail: 'packages, advisories and rules are the same: only the time of judgement differs' };
}

/** Both changed: what the host had where the finding is not, judged as where it is, tells which of them it takes. */
async function decide(
  cve: string,
  seen: string,
  { other }: { readonly own: HostEvidence; readonly other: HostEvidence },
  finding: Finding,
  sides: Sides,
): Promise<Cause | undefined> {
  const { generation, knowledge } = sides.has;
  const at = knowledge?.at;
  if (!generation || at === null || at === undefined) return undefined;
  const { outcome } = explain(other, { advisories: generation.advisories, at }, cve);
  if (outcome === 'NOT_ASSESSED') return undefined;
  return outcome === 'AFFECTED'
    ? { kind: 'ADVISORY', detail: records(finding, sides) }
    : { kind: 'PACKAGE', detail: seen };
}

const bothChanged = (seen: string): Cause => ({
  kind: 'UNKNOWN',
  detail: `both changed, ${seen} and the advisories, and those are not kept any more`,
});

/** `libssl3 3.0.9-1 → 3.0.11-1`; undefined where the packages of the finding are the same. */
function differentPackages(
  finding: Finding,
  lacking: HostEvidence,
  having: HostEvidence,
  { change }: Sides,
): string | undefined {
  const [from, to] = change === 'CAME' ? [lacking, having] : [having, lacking];
  const names = (finding.document.attributes.find(({ key }) => key === 'package_name')?.value ?? '').split(', ');
  const [before, after] = [installed(from), installed(to)];
  // A list that was too long for its attribute says how many more: all that changed counts then.
  const cut = names.some((name) => /^and \d+ more$/.test(name));
  const asked = cut ? [...new Set([...before.keys(), ...after.keys()])] : names;
  const changes = asked
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} ${before.get(name) ?? '(absent)'} → ${after.get(name) ?? '(absent)'}`);
  const kernels = [from, to].map(({ kernel }) => kernel?.data?.release ?? '(unknown)');
  if (kernels[0] !== kernels[1] && names.some((name) => /^(?:linux|kernel)/.test(name))) {
    changes.push(`running kernel ${kernels[0]} → ${kernels[1]}`);
  }
  const [first, ...others] = changes;
  if (first === undefined) return undefined;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function installed({ packages }: HostEvidence): ReadonlyMap<string, string> {
  const all = packages?.data?.databases.flatMap((database) => database.packages) ?? [];
  const versions = Map.groupBy(all, ({ name }) => name);
  return new Map(
    [...versions].map(([name, found]) => [
      name,
      found
        .map(({ version }) => version)
        .sort()
        .join(', '),
    ]),
  );
}

/** The kinds of evidence that say something else; when they were read does not count. */
function differentDocuments(lacking: HostEvidence, having: HostEvidence, _: Sides): string | undefined {
  const kinds = Object.keys({ ...lacking, ...having }) as (keyof HostEvidence)[];
  const text = (evidence: HostEvidence, kind: keyof HostEvidence): string =>
    JSON.stringify([evidence[kind]?.data, evidence[kind]?.limitations]);
  const changed = kinds.filter((kind) => text(lacking, kind) !== text(having, kind));
  return changed.length === 0 ? undefined : `the host reports otherwise: ${changed.join(', ')}`;
}

/** Which records of the finding are new, gone or changed between both runs' advisories. */
function records(finding: Finding, { has, lacks, change }: Sides): string {
  const ids = (finding.document.attributes.find(({ key }) => key === 'ADVISORY_ID')?.value ?? '').split(', ');
  const [own, other] = [has.generation, lacks.generation];
  const named = ids[0] ?? 'an advisory';
  if (!own || !other) return `${named} (one of both generations is not kept any more)`;
  const said = ids.flatMap((id) => {
    const [here, there] = [own.advisories.record(id), other.advisories.record(id)];
    if (here && !there) return `${id} is ${change === 'CAME' ? 'new' : 'gone'}`;
    if (!here || !there || JSON.stringify(here) === JSON.stringify(there)) return [];
    const dates = change === 'CAME' ? [there.modified, here.modified] : [here.modified, there.modified];
    return `${id} changed (${dates.map((date) => date.slice(0, 10)).join(' → ')})`;
  });
  return said.length > 0 ? said.join(', ') : `what ${named} says of the package changed`;
}
