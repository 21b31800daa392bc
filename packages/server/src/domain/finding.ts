import type { FindingDocument } from './finding-document.ts';
import type { Severity } from './rules-package.ts';

/** Times in milliseconds since the epoch. */
export interface Finding {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly run: string;
  readonly agent: string | null;
  readonly autoScalingGroup: string | null;
  /** ARN. */
  readonly rulesPackage: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly numericSeverity: number;
  readonly document: FindingDocument;
  /** The place of the verdict that it was made of in its host's evaluation; null in imported history. */
  readonly verdict: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}
