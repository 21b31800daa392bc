/** What is known of how a run stands, whoever asks: states are those of the API. */
export interface RunSoFar {
  readonly state: string;
  /** Its history was assessed elsewhere. */
  readonly imported?: boolean | undefined;
  /** How many took part; absent where it is not known. */
  readonly hosts?: number | undefined;
  /** Whether any rule was evaluated on any host; absent where it is not known. */
  readonly evaluated?: boolean | undefined;
}

const results: Readonly<Record<string, readonly [end: string, nothing: string]>> = {
  CANCELED: ['was stopped', 'This run was stopped before evaluation: nothing was assessed.'],
  FAILED: ['failed', 'This run failed before evaluation: nothing was assessed.'],
  ERROR: ['broke off during evaluation', 'Evaluation of this run broke off: nothing was assessed.'],
};

/**
 * The sentence that stands above everything else that is said of a run, because the rest means something only under it.
 * Undefined for a run that completed over hosts here.
 */
export function runCaveat({ state, imported, hosts, evaluated }: RunSoFar): string | undefined {
  const nothingSeen = 'No absence of findings below means that a host is safe.';
  if (imported) {
    const ended = results[state] ? ` It ${results[state][0]} there.` : '';
    return `This run was imported: which rules were evaluated on which hosts is not known.${ended} ${nothingSeen}`;
  }
  const result = results[state];
  if (result) {
    if (evaluated === false) return result[1];
    return `This run ${result[0]}: only what was evaluated before that is known. ${nothingSeen}`;
  }
  if (state !== 'COMPLETED' && state !== 'COMPLETED_WITH_ERRORS') {
    return `This run has not ended (${state}): nothing below is final.`;
  }
  if (hosts === 0) return 'No host matched the target of this run: nothing was assessed.';
  if (evaluated === false) return 'No rule could be evaluated on any host of this run: nothing was assessed.';
  return undefined;
}
