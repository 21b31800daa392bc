import { createHash } from 'node:crypto';
import type { KnowledgeState } from './shared-kind.ts';

export const identityOf = (texts: KnowledgeState['texts']): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');
