import type { ContentRequest, ContentResponse } from '@assay/model/agent-protocol.ts';
import {
  asksForItems,
  type BenchmarkContent,
  type BenchmarkProfile,
  choiceOf,
  choiceText,
  contentFor,
  profileFor,
  unreadableChoice,
} from '../../domain/benchmarks.ts';
import { isSlowRule } from '../../domain/slow-rules.ts';
import type { UserAttribute } from '../../domain/template.ts';
import type { ContentSource } from './content-source.ts';

/**
 * Which of the SCAP content a host of this system is judged by, and which profile of it; the reason where there is none.
 * `attributes` gives those by which an operator chooses: the run's, then the template's tags.
 */
export async function contentOffer(
  content: Pick<ContentSource, 'current'>,
  system: ContentRequest,
  attributes: () => Promise<readonly UserAttribute[]>,
): Promise<ContentResponse> {
  const snapshot = content.current();
  if (!snapshot) return { reason: 'the server has no SCAP content' };
  try {
    const found = contentFor(snapshot.value.all, system);
    const name = [system.id, system.versionId].filter(Boolean).join(' ');
    if (!found) return { reason: `the server has no SCAP content for ${name}` };
    const chosen = await attributes();
    const unreadable = unreadableChoice(chosen);
    if (unreadable !== undefined) {
      const said = JSON.stringify(unreadable.slice(0, 100));
      return {
        reason: `assay:cis-profile of the template is ${said}; it takes level1-server, level2-server, level1-workstation or level2-workstation`,
      };
    }
    const choice = choiceOf(chosen);
    const profile = profileFor(found, choice);
    if (!profile) return { reason: `the SCAP content for ${name} has no profile for ${choiceText(choice)}` };
    return { content: { ...offered(found, profile), ...(asksForItems(chosen) ? { details: true } : {}) } };
  } finally {
    snapshot.release();
  }
}

const offered = ({ name, digest, size }: BenchmarkContent, { id, rules }: BenchmarkProfile) => ({
  name,
  sha256: digest,
  size,
  profile: id,
  rules: rules.length,
  slowRules: rules.filter(isSlowRule),
});
