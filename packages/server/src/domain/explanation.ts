/** Where a rule, or a CVE, stands on a host. */
export type ExplainedOutcome = 'AFFECTED' | 'NOT_AFFECTED' | 'FINDING' | 'PASSED' | 'NOT_APPLICABLE' | 'NOT_ASSESSED';

/** Why: what `assay why` prints. */
export interface Explanation {
  readonly outcome: ExplainedOutcome;
  readonly reason: string;
  /** What decided, one section for each thing that was looked at. */
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[];
  /** The same for programs: beside the outcome and the reason in `--json`. */
  readonly data: Readonly<Record<string, unknown>>;
}
