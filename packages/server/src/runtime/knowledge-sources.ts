import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import type { ContentSource } from '../engine/judging/content-source.ts';
import type { KnowledgeSources } from '../engine/judging/knowledge-source.ts';
import { probesSource } from '../engine/judging/probes-source.ts';
import { zonesSource } from '../engine/judging/zones-source.ts';
import type { Store } from '../store/store.ts';

interface Opened {
  readonly advisories: AdvisorySource;
  readonly content: ContentSource;
  readonly store: Pick<Store, 'settings'>;
}

/** Every kind of knowledge that a server, or a command on its data, judges by. The one place where kinds are put together. */
export const knowledgeSources = ({ advisories, content, store }: Opened): KnowledgeSources => ({
  advisories,
  content,
  zones: zonesSource(store.settings),
  probes: probesSource(store.settings),
});
