import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import {
  type Benchmark,
  type BenchmarkProfile,
  choiceOf,
  contentFor,
  type LeftOutRule,
  leftOutAt,
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
  /** Rules that are left out now. */
  readonly leftOut: (rule: string) => LeftOutRule | undefined;
  /** What says that the host is a container; absent where it is none. */
  readonly container?: string | undefined;
}

/** Why the package says nothing about a host. The rules that it lacks are those of the profile, where that is known. */
export interface Unjudged {
  readonly benchmark?: Benchmark | undefined;
  readonly profile?: BenchmarkProfile | undefined;
  readonly code: ReasonCode;
  readonly params: ReasonParams;
}

export type Subject = Judged | Unjudged;

export function subjectOf({ osRelease, scapResults }: HostEvidence, { content, at }: Knowledge): Subject {
  const os = osRelease?.data;
  if (!os || !content) return { code: 'OTHER', params: { why: 'there is nothing to judge the host by' } };
  const results = scapResults?.data;
  const meant = contentFor(content.all, os);
  // What was evaluated is what counts, also where other content is in force by now.
  const benchmark = content.byDigest(results?.content.sha256 ?? meant?.digest ?? '');
  const profile = results
    ? benchmark?.profiles.find(({ id }) => id === results.profile)
    : benchmark && profileFor(benchmark, choiceOf([]));
  if (!results) return { benchmark, profile, ...whyNoResults(scapResults, os, meant !== undefined, profile) };
  if (!benchmark || !profile) {
    const why = `the host was evaluated with other SCAP content (${results.content.name}, ${results.content.sha256.slice(0, 12)}) than this server has`;
    return { code: 'NO_KNOWLEDGE', params: { why, obtain: 'npx assay content add FILE' } };
  }
  const given = results.results.filter(({ result }) => result === 'pass' || result === 'fail');
  const [failure] = results.unfinished.filter(({ rules }) => rules.length === 0);
  if (given.length > 0) {
    const leftOut = (rule: string) => leftOutAt(content.leftOut, rule, at);
    return { benchmark, profile, results, leftOut, container: os.container };
  }
  if (failure) return { benchmark, profile, code: 'OTHER', params: { why: failure.why } };
  // Content for another system gives this, with an exit status of 0.
  const why = `oscap found that no rule of ${benchmark.title} applies to it`;
  return { benchmark, profile, code: 'UNSUPPORTED_SYSTEM', params: { why } };
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
