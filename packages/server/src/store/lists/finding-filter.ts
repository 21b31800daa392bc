import type { Severity } from '../../domain/rules-package.ts';
import type { UserAttribute } from '../../domain/template.ts';
import type { TimeRange } from './run-filter.ts';

/** Every given part must match; within a list any value may, but each attribute must be on the finding. */
export interface FindingFilter {
  readonly runs?: readonly string[] | undefined;
  readonly agents?: readonly string[] | undefined;
  readonly autoScalingGroups?: readonly string[] | undefined;
  readonly rules?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  /** ARNs. */
  readonly rulesPackages?: readonly string[] | undefined;
  readonly attributes?: readonly UserAttribute[] | undefined;
  readonly userAttributes?: readonly UserAttribute[] | undefined;
  /** A package that the finding names, alone or among others. */
  readonly package?: string | undefined;
  readonly created?: TimeRange | undefined;
}
