import type { AdvisorySource } from '../engine/judging/advisory-source.ts';
import type { KnowledgeSources } from '../engine/judging/knowledge-source.ts';

interface Opened {
  readonly advisories: AdvisorySource;
}

/** Every kind of knowledge that a server, or a command on its data, judges by. The one place where kinds are put together. */
export const knowledgeSources = ({ advisories }: Opened): KnowledgeSources => ({ advisories });
