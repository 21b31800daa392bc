import type { Finding } from '../../domain/finding.ts';
import type { Db } from '../database/dialect.ts';
import { createTextsReader } from './finding-texts.ts';
import { type PackedDocument, unpackAttributes } from './packed-findings.ts';

const columns = [
  'findings.id',
  'findings.target',
  'findings.template',
  'findings.run',
  'findings.agent',
  'findings.auto_scaling_group as autoScalingGroup',
  'findings.rules_package as rulesPackage',
  'findings.rule',
  'findings.severity',
  'findings.numeric_severity as numericSeverity',
  'findings.attributes',
  'findings.user_attributes as userAttributes',
  'findings.texts',
  'findings.place',
  'findings.verdict',
  'findings.created_at as createdAt',
  'findings.updated_at as updatedAt',
  'finding_texts.texts as packedTexts',
] as const;

/** Findings with their texts, as {@link createDecoder} takes them: `id`, `scope` and `run` are of two tables and need theirs. */
export const selectFindings = (read: Db) =>
  read.selectFrom('findings').innerJoin('finding_texts', 'finding_texts.id', 'findings.texts').select(columns);

type StoredRow = Omit<Finding, 'document'> &
  Pick<PackedDocument, 'attributes' | 'userAttributes' | 'place'> & {
    readonly texts: number;
    readonly packedTexts: Uint8Array;
  };

/** Makes findings of the rows of one answer, in their order. */
export function createDecoder(): (row: StoredRow) => Finding {
  const readTexts = createTextsReader();
  return ({ attributes, userAttributes, texts, place, packedTexts, ...finding }) => ({
    ...finding,
    document: { ...readTexts(texts, packedTexts, place), ...unpackAttributes({ attributes, userAttributes }) },
  });
}
