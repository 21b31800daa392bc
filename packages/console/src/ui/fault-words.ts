import { ApiFault, refusesKey } from '../api.ts';

/** A fault in words for a person: what happened, and what the server said of it. */
export interface FaultWords {
  readonly title: string;
  readonly text: string;
  /** Another try may succeed as it is. */
  readonly retryable: boolean;
  /** The key itself is refused. */
  readonly keyRefused: boolean;
}

const titles: Readonly<Record<string, string>> = {
  NoAnswer: 'The server does not answer',
  AccessDeniedException: 'Your key does not allow this',
  NoSuchEntityException: 'This is not here any more',
  InvalidInputException: 'The server cannot use this input',
  LimitExceededException: 'A limit is reached',
  AgentsAlreadyRunningAssessmentException: 'Hosts are in another run',
  AssessmentRunInProgressException: 'A run is in progress',
  InvalidCrossAccountRoleException: 'The role cannot be used',
  PreviewGenerationInProgressException: 'The preview is not ready yet',
  UnsupportedFeatureException: 'This cannot be done with this run',
  ConflictException: 'Something else changed meanwhile',
  ServiceTemporarilyUnavailableException: 'The server is busy',
  ThrottlingException: 'Too many calls with this key',
  InternalException: 'Something failed in the server',
};

/** Also of what is no fault of the API. */
export function faultWords(fault: unknown): FaultWords {
  if (!(fault instanceof ApiFault)) {
    const text = fault instanceof Error ? fault.message : String(fault);
    return { title: 'This page failed', text, retryable: true, keyRefused: false };
  }
  const keyRefused = refusesKey(fault);
  const request = fault.requestId === undefined ? '' : ` (request ${fault.requestId})`;
  return {
    title: keyRefused ? 'This key is no longer accepted' : (titles[fault.type] ?? 'The server refused this'),
    text: `${fault.message}${fault.type === 'InternalException' ? request : ''}`,
    retryable:
      !keyRefused && !['AccessDeniedException', 'NoSuchEntityException', 'InvalidInputException'].includes(fault.type),
    keyRefused,
  };
}
