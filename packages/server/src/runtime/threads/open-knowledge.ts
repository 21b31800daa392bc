import { openContent } from '../../content/open-content.ts';
import type { KnowledgeKind, KnowledgeKinds } from '../../domain/knowledge.ts';
import { openProbes } from '../../engine/judging/probes-source.ts';
import { openZones } from '../../engine/judging/zones-source.ts';
import { openAdvisories } from '../../feeds/index/open-advisories.ts';

/** A snapshot as a thread opens it for itself. */
export interface OpenedKnowledge<Kind extends KnowledgeKind = KnowledgeKind> {
  readonly digest: string;
  readonly value: KnowledgeKinds[Kind];
  readonly close: () => void;
}

/** How a thread opens each kind of knowledge from a snapshot's file. Each throws where it cannot be read. */
export const openKnowledge: { readonly [Kind in KnowledgeKind]: (file: string) => OpenedKnowledge<Kind> } = {
  advisories: (file) => {
    const value = openAdvisories(file);
    return { digest: value.digest, value, close: () => value.close() };
  },
  content: (file) => {
    const value = openContent(file);
    return { digest: value.digest, value, close: () => undefined };
  },
  probes: (file) => ({ ...openProbes(file), close: () => undefined }),
  zones: (file) => ({ ...openZones(file), close: () => undefined }),
};
