import type { Input } from '@assay/model/api/operations.ts';

export type InspectorEvent = Input<'SubscribeToEvent'>['event'];

/** The events of a template's runs that a topic can be told of, in words. */
export const events: readonly { readonly value: InspectorEvent; readonly label: string }[] = [
  { value: 'ASSESSMENT_RUN_STARTED', label: 'A run started' },
  { value: 'ASSESSMENT_RUN_COMPLETED', label: 'A run ended' },
  { value: 'ASSESSMENT_RUN_STATE_CHANGED', label: 'A run changed its state' },
  { value: 'FINDING_REPORTED', label: 'A finding was reported (one event for each)' },
];

export const eventWords = (event: InspectorEvent): string =>
  events.find(({ value }) => value === event)?.label.replace(/ \(.*/, '') ?? event;
