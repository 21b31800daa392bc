import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactNode } from 'react';
import { sentence } from '../format.ts';

const types: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  COMPLETED: 'success',
  COMPLETED_WITH_ERRORS: 'warning',
  FAILED: 'error',
  ERROR: 'error',
  CANCELED: 'stopped',
  CREATED: 'pending',
};

/** States in the words of the console, where they differ from the API's. */
const words: Readonly<Record<string, string>> = {
  COMPLETED_WITH_ERRORS: 'Completed with gaps',
  CANCELED: 'Stopped',
  ERROR: 'Failed during evaluation',
};

/** A state in words: `Completed with gaps`. */
export const stateWords = (state: string): string => words[state] ?? sentence(state);

export const hasEnded = (state: string): boolean =>
  ['COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'ERROR', 'CANCELED'].includes(state);

/** The state of a run; its name in the API on hover. */
export const RunState = ({ state }: { readonly state: string }): ReactNode => (
  <span title={state}>
    <StatusIndicator type={types[state] ?? 'in-progress'}>{stateWords(state)}</StatusIndicator>
  </span>
);
