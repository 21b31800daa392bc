import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { ScapResultWord } from '@assay/model/evidence/scap-results.ts';
import {
  type Benchmark,
  type BenchmarkContent,
  type BenchmarkProfile,
  choiceOf,
  choiceText,
  contentFor,
  isNewer,
  type LeftOutRule,
  leftOutAt,
  madeChoice,
  profileFor,
} from '../../domain/benchmarks.ts';
import type { ReasonCode, ReasonParams } from '../../domain/not-assessed.ts';
import { whyNotCollected } from '../../domain/not-collected.ts';
import type { Knowledge } from '../../domain/rules-package.ts';

/** What a host is judged by, and what oscap said. */
export interface Judged {
  readonly benchmark: Benchmark;
  readonly profile: BenchmarkProfile;
  readonly results: EvidenceData<'scapResults'>;
  /** What oscap said of a rule; `CONTRADICTORY` where it is there more than once, with different words. */
  readonly said: (rule: string) => RuleResult | 'CONTRADICTORY' | undefined;
  /** The value of a variable of the benchmark. */
  readonly values: ReadonlyMap<string, string>;
  /** Rules that are left out now. */
  readonly leftOut: (rule: string) => LeftOutRule | undefined;
  /** Newer content for the host's system, which is in force by now. */
  readonly newer?: BenchmarkContent | undefined;
  /** What says that the host is a container; absent where it is none. */
  readonly container?: string | undefined;
}

export type RuleResult = EvidenceData<'scapResults'>['results'][number];

/** Why the package says nothing about a host. The rules that it lacks are those of the profile, where that is known. */
export interface Unjudged {
  readonly benchmark?: Benchmark | undefined;
  readonly profile?: BenchmarkProfile | undefined;
  readonly code: ReasonCode;
  readonly params: ReasonParams;
}

export type Subject = Judged | Unjudged;

export function subjectOf(
  { osRelease, scapResults }: HostEvidence,
  { content, at, attributes = [] }: Knowledge,
): Subject {
  const os = osRelease?.data;
  if (!os || !content) return { code: 'OTHER', params: { why: 'there is nothing to judge the host by' } };
  const results = scapResults?.data;
  const meant = contentFor(content.all, os);
  // What was evaluated is what counts, also where other content is in force by now.
  const benchmark = content.byDigest(results?.content.sha256 ?? meant?.digest ?? '');
  const profile = results
    ? benchmark?.profiles.find(({ id }) => id === results.profile)
    : benchmark && profileFor(benchmark, choiceOf(attributes));
  if (!results) return { benchmark, profile, ...whyNoResults(scapResults, os, meant !== undefined, profile) };
  if (!benchmark || !profile) {
    const why = `the host was evaluated with other SCAP content (${results.content.name}, ${results.content.sha256.slice(0, 12)}) than this server has`;
    return { code: 'NO_KNOWLEDGE', params: { why, obtain: 'assay content add FILE' } };
  }
  if (!contentFor([benchmark], os)) {
    const system = [os.id, os.versionId].filter(Boolean).join(' ');
    const why = `the host was evaluated with ${benchmark.title}, which is not for ${system}`;
    return { code: 'UNSUPPORTED_SYSTEM', params: { why } };
  }
  const choice = madeChoice(attributes);
  if (choice && (choice.level !== profile.level || choice.role !== profile.role)) {
    const why = `the run asks for ${choiceText(choice)}, and the host evaluated ${choiceText(profile)}`;
    return { benchmark, profile: profileFor(benchmark, choice), code: 'OTHER', params: { why } };
  }
  // Words about rules of another profile or another benchmark say nothing about this one.
  const asked = new Set(profile.rules);
  const own = results.results.filter(({ rule }) => asked.has(rule));
  const [failure] = results.unfinished.filter(({ rules }) => rules.length === 0);
  if (own.some(({ result }) => gives(result))) {
    const leftOut = (rule: string) => leftOutAt(content.leftOut, rule, at);
    const values = new Map(results.values.map(({ id, value }) => [id, value]));
    const newer = meant && isNewer(meant, benchmark) ? meant : undefined;
    return { benchmark, profile, results, said: byRule(own), values, leftOut, newer, container: os.container };
  }
  if (failure) return { benchmark, profile, code: 'OTHER', params: { why: failure.why } };
  // Content for another system gives this, with an exit status of 0.
  const why = `oscap found that no rule of ${benchmark.title} applies to it`;
  return { benchmark, profile, code: 'UNSUPPORTED_SYSTEM', params: { why } };
}

const gives = (word: ScapResultWord): boolean => word === 'pass' || word === 'fixed' || word === 'fail';

function byRule(results: readonly RuleResult[]): Judged['said'] {
  const words = new Map<string, RuleResult | 'CONTRADICTORY'>();
  for (const each of results) {
    const before = words.get(each.rule);
    words.set(
      each.rule,
      before === undefined || (before !== 'CONTRADICTORY' && before.result === each.result) ? each : 'CONTRADICTORY',
    );
  }
  return (rule) => words.get(rule);
}

function whyNoResults(
  document: HostEvidence['scapResults'],
  { id, versionId }: EvidenceData<'osRelease'>,
  hasContent: boolean,
  profile: BenchmarkProfile | undefined,
): { code: ReasonCode; params: ReasonParams } {
  const system = [id, versionId].filter(Boolean).join(' ');
  if (!hasContent) return { code: 'UNSUPPORTED_SYSTEM', params: { why: `there is no SCAP content for ${system}` } };
  if (!document) return { code: 'NO_EVIDENCE', params: { kind: 'scapResults' } };
  const old = whyNotCollected(document);
  if (old !== undefined) return { code: 'NOT_COLLECTED', params: { why: old } };
  const [limitation] = document.limitations;
  if (!limitation) return { code: 'NO_EVIDENCE', params: { kind: 'scapResults' } };
  const { code, subject, detail = '' } = limitation;
  if (subject === 'SCAP content' && code === 'UNSUPPORTED' && !profile) {
    return { code: 'UNSUPPORTED_SYSTEM', params: { why: detail } };
  }
  const instead =
    subject === 'oscap' && code === 'NOT_PRESENT'
      ? { instead: `Install the package of oscap on the host (${detail}), then start a new run.` }
      : {};
  return { code: 'OTHER', params: { why: detail === '' ? `${subject}: ${code}` : detail, ...instead } };
}
