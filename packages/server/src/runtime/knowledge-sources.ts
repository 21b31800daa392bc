import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import type { ContentSource } from '../engine/judging/content-source.ts';
import type { KnowledgeSources } from '../engine/judging/knowledge-source.ts';
import { probesSource } from '../engine/judging/probes-source.ts';
import { zonesSource } from '../engine/judging/zones-source.ts';
import type { Store } from '../store/store.ts';
import type { SharedKnowledge } from './sharing/shared-knowledge.ts';

interface Opened {
  readonly advisories: AdvisorySource;
  readonly content: ContentSource;
  readonly store: { readonly settings: Pick<Store['settings'], 'find' | 'put'> };
  /** Absent where no other server can have advisories or content of its own. */
  readonly sharing?: Pick<SharedKnowledge, 'catchUp'> | undefined;
}

/** Every kind of knowledge that a server, or a command on its data, judges by. The one place where kinds are put together. */
export const knowledgeSources = ({ advisories, content, store, sharing }: Opened): KnowledgeSources => ({
  advisories: { ...advisories, ...(sharing && { catchUp: () => sharing.catchUp('advisories') }) },
  content: { ...content, ...(sharing && { catchUp: () => sharing.catchUp('content') }) },
  zones: zonesSource(store.settings),
  probes: probesSource(store.settings),
});
