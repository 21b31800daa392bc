import type { Severity } from '@assay/model/api/values.ts';
import type { Static } from '@assay/model/shape.ts';

export type SeverityName = Static<typeof Severity>;

/** Worst first. */
export const severities: readonly SeverityName[] = ['High', 'Medium', 'Low', 'Informational', 'Undefined'];
