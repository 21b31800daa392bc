import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import type { ControlReference } from './control-frameworks.ts';

/** The severities of XCCDF. */
export type XccdfSeverity = 'high' | 'medium' | 'low' | 'unknown' | 'info';

/**
 * A rule of a benchmark. Texts are plain; where the value of a variable belongs, they hold its id between the two marks of
 * {@link variableMarks}.
 */
export interface BenchmarkRule {
  /** XCCDF's id: `xccdf_org.ssgproject.content_rule_…`. */
  readonly id: string;
  /** The number of the section in the benchmark that the profile is aligned with: `5.4.3.3`. */
  readonly section?: string;
  readonly title: string;
  readonly severity: XccdfSeverity;
  readonly description: string;
  readonly rationale: string;
  /** What to do about it: a text, else a shell script that Assay never runs. */
  readonly fix: string;
  /** Nothing checks it automatically: it is for a person. */
  readonly manual?: true;
  /** Platforms that the rule is for beside the system itself: `system_with_kernel`, `machine`, `package_sudo`. */
  readonly platforms?: readonly string[];
  /** Controls of other frameworks that it serves, as the content says. */
  readonly controls?: readonly ControlReference[];
}

export interface BenchmarkProfile {
  /** XCCDF's id: `xccdf_org.ssgproject.content_profile_cis_level1_server`. */
  readonly id: string;
  readonly title: string;
  /** What it is aligned with: `CIS Debian 12 Benchmark`. */
  readonly benchmark: string;
  /** Of that benchmark: `1.1.0`. */
  readonly version: string;
  /** When that was released, ISO 8601; absent where the content does not say. */
  readonly released?: string;
  readonly level: 1 | 2;
  readonly role: 'server' | 'workstation';
  /** Ids of the rules that it selects. */
  readonly rules: readonly string[];
}

/** A SCAP data stream as it was read: for which systems it is, and its profiles. */
export interface BenchmarkContent {
  /** `ssg-debian12`. */
  readonly name: string;
  /** SHA-256 of the data stream, hexadecimal. */
  readonly digest: string;
  /** Bytes of the data stream. */
  readonly size: number;
  /** `xccdf_org.ssgproject.content_benchmark_DEBIAN-12`. */
  readonly benchmarkId: string;
  /** `Guide to the Secure Configuration of Debian 12`. */
  readonly title: string;
  /** Of the content itself: `0.1.82`. */
  readonly version: string;
  /** Of the content itself, ISO 8601; absent where it does not say. */
  readonly date?: string;
  /** CPE names of the systems: `cpe:/o:debian:debian_linux:12`. */
  readonly systems: readonly string[];
  readonly profiles: readonly BenchmarkProfile[];
}

/** With every rule that one of its profiles selects, by id. */
export interface Benchmark extends BenchmarkContent {
  readonly rules: ReadonlyMap<string, BenchmarkRule>;
}

/** The SCAP content that a server has. */
export interface Content {
  /** Of every stream, in the order of their names. */
  readonly all: readonly BenchmarkContent[];
  /** The stream of this SHA-256; undefined where there is none. */
  readonly byDigest: (digest: string) => Benchmark | undefined;
  /** Rules that the operator left out of every benchmark. */
  readonly leftOut: readonly LeftOutRule[];
}

/** That a rule is left out, and who answers for it. */
export interface LeftOutRule {
  /** XCCDF's id. */
  readonly rule: string;
  readonly reason: string;
  readonly author: string;
  /** The last day on which it is left out, ISO 8601. */
  readonly expires: string;
}

/** The entry that leaves a rule out at a time; undefined where none does, or has expired. */
export const leftOutAt = (all: readonly LeftOutRule[], rule: string, at: number): LeftOutRule | undefined =>
  all.find((each) => each.rule === rule && at < Date.parse(each.expires) + DAY);

const DAY = 86_400_000;

/** Before and after the id of a variable in a text. */
export const variableMarks = ['\u0002', '\u0003'] as const;

/** Vendor and product of CPE names by the id of os-release. */
const products: Readonly<Record<string, readonly string[]>> = {
  debian: ['debian:debian_linux'],
  ubuntu: ['canonical:ubuntu_linux'],
  rhel: ['redhat:enterprise_linux'],
  centos: ['centos:centos', 'centos:stream'],
  almalinux: ['almalinux:almalinux'],
  rocky: ['rocky:rocky', 'rocky:linux'],
  ol: ['oracle:linux'],
  amzn: ['amazon:amazon_linux'],
  fedora: ['fedoraproject:fedora'],
  sles: ['suse:linux_enterprise_server'],
  sled: ['suse:linux_enterprise_desktop'],
  'opensuse-leap': ['opensuse:leap'],
};

type System = Pick<EvidenceData<'osRelease'>, 'id' | 'versionId'>;

/** The newest stream for a system, by the CPE names that it says it is for; undefined where there is none. */
export function contentFor<C extends Released>(all: readonly C[], { id, versionId }: System): C | undefined {
  if (versionId === undefined) return undefined;
  const names = products[id] ?? [];
  const [major = ''] = versionId.split('.', 1);
  const matching = (version: string): C | undefined =>
    all
      .filter(({ systems }) =>
        systems.some((cpe) => names.some((name) => `${cpe}:`.startsWith(`cpe:/o:${name}:${version}:`))),
      )
      .reduce<C | undefined>((best, each) => (best && !isNewer(each, best) ? best : each), undefined);
  return matching(versionId) ?? matching(major);
}

type Released = Pick<BenchmarkContent, 'systems'> & Partial<Pick<BenchmarkContent, 'version' | 'profiles'>>;

/** Whether content is newer than other: by the version of its benchmark, then by its own. */
export function isNewer(one: Released, other: Released): boolean {
  const order =
    compareNumbers(one.profiles?.[0]?.version, other.profiles?.[0]?.version) ||
    compareNumbers(one.version, other.version);
  return order > 0;
}

/** Of versions such as `1.10.0`: less than, equal to or more than 0. */
function compareNumbers(a = '', b = ''): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Which level and role of a benchmark a run asks for. */
export interface BenchmarkChoice {
  readonly level: 1 | 2;
  readonly role: 'server' | 'workstation';
}

/** The key of a template's user attribute or tag that chooses. */
const CHOICE_KEY = 'assay:cis-profile';
const DEFAULT_CHOICE: BenchmarkChoice = { level: 1, role: 'server' };

/** `level1-server`, `level 2 workstation`, `2` …; undefined for what is no choice. */
function readChoice(text: string): BenchmarkChoice | undefined {
  const [, level, role = 'server'] =
    /^(?:level|l)?[-_ ]*([12])(?:[-_ ]+(server|workstation))?$/i.exec(text.trim()) ?? [];
  if (level === undefined) return undefined;
  return { level: level === '1' ? 1 : 2, role: role.toLowerCase() === 'workstation' ? 'workstation' : 'server' };
}

type Chosen = readonly { readonly key: string; readonly value?: string | null | undefined }[];

/** What the attributes or tags of a template choose: the first that is a choice; undefined where none is. */
export function madeChoice(chosen: Chosen): BenchmarkChoice | undefined {
  for (const { key, value } of chosen) {
    const choice = key === CHOICE_KEY ? readChoice(value ?? '') : undefined;
    if (choice) return choice;
  }
  return undefined;
}

/** The value that was meant as a choice, where none of them is one. */
export const unreadableChoice = (chosen: Chosen): string | undefined =>
  madeChoice(chosen) ? undefined : (chosen.find(({ key }) => key === CHOICE_KEY)?.value ?? undefined);

/** As {@link madeChoice}, and level 1 for a server where none is made. */
export const choiceOf = (chosen: Chosen): BenchmarkChoice => madeChoice(chosen) ?? DEFAULT_CHOICE;

export const profileFor = (
  { profiles }: Pick<BenchmarkContent, 'profiles'>,
  { level, role }: BenchmarkChoice,
): BenchmarkProfile | undefined => profiles.find((profile) => profile.level === level && profile.role === role);

/** Whether a run wants what oscap looked at beside what it found. */
export const asksForItems = (chosen: Chosen): boolean =>
  chosen.some(({ key, value }) => key === 'assay:cis-evidence' && value?.trim().toLowerCase() === 'items');

/** `level 1, server`. */
export const choiceText = ({ level, role }: BenchmarkChoice): string => `level ${level}, ${role}`;
