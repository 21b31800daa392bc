import type {
  AccessDeniedErrorCode,
  ErrorName,
  errors,
  LimitExceededErrorCode,
  NoSuchEntityErrorCode,
} from '@assay/model/api/errors.ts';
import type { InvalidInputCode } from '@assay/model/api/fault-codes.ts';
import type { AssayErrorName } from '@assay/model/assay/errors.ts';
import type { Static } from '@assay/model/shape.ts';

/** Errors of the protocol itself, which the API's model does not list. */
export type ProtocolErrorName =
  | 'UnknownOperationException'
  | 'SerializationException'
  | 'MissingAuthenticationTokenException'
  | 'IncompleteSignatureException'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException'
  | 'RequestEntityTooLargeException'
  | 'ThrottlingException';

/** An error that a client is answered with: `type` is `__type` on the wire, `members` stand beside the message. */
export class ApiError extends Error {
  readonly type: ErrorName | AssayErrorName | ProtocolErrorName;
  readonly members: Readonly<Record<string, unknown>>;
  constructor(type: ApiError['type'], message: string, members: ApiError['members'] = {}) {
    super(message);
    this.type = type;
    this.members = members;
  }
}

type Members<E extends ErrorName> = Omit<Static<(typeof errors)[E]>, 'message'>;
const modelled = <E extends ErrorName>(type: E, message: string, members: Members<E>): ApiError =>
  // Messages are at most 1,000 characters in the model.
  new ApiError(type, message.length <= 1000 ? message : `${message.slice(0, 999)}…`, members);

export const invalidInput = (errorCode: InvalidInputCode, message: string): ApiError =>
  modelled('InvalidInputException', message, { errorCode, canRetry: false });

export const noSuchEntity = (errorCode: Static<typeof NoSuchEntityErrorCode>, message: string): ApiError =>
  modelled('NoSuchEntityException', message, { errorCode, canRetry: false });

export const accessDenied = (errorCode: Static<typeof AccessDeniedErrorCode>, message: string): ApiError =>
  modelled('AccessDeniedException', message, { errorCode, canRetry: false });

export const limitExceeded = (errorCode: Static<typeof LimitExceededErrorCode>, message: string): ApiError =>
  modelled('LimitExceededException', message, { errorCode, canRetry: false });

export const internal = (requestId: string): ApiError =>
  modelled('InternalException', `Something failed in the server; its log has the cause under request ${requestId}`, {
    canRetry: true,
  });

export const temporarilyUnavailable = (message = 'The store is busy; try again'): ApiError =>
  modelled('ServiceTemporarilyUnavailableException', message, { canRetry: true });

/** No service here has the operation that a request names, or the request names none. */
export const unknownOperation = (message: string): ApiError => new ApiError('UnknownOperationException', message);

/** Every AWS SDK takes this name, with HTTP 400, for throttling, and retries after a while. */
export const throttled = (): ApiError => new ApiError('ThrottlingException', 'Rate exceeded');

export const runInProgress = (assessmentRunArns: string[], truncated: boolean, message: string): ApiError =>
  modelled('AssessmentRunInProgressException', message, {
    assessmentRunArns,
    assessmentRunArnsTruncated: truncated,
    canRetry: true,
  });

export const agentsAlreadyRunning = (
  agents: Members<'AgentsAlreadyRunningAssessmentException'>['agents'],
  truncated: boolean,
): ApiError =>
  modelled(
    'AgentsAlreadyRunningAssessmentException',
    'Hosts of this assessment target take part in a run that has not ended; wait for it or stop it',
    { agents, agentsTruncated: truncated, canRetry: true },
  );

export const previewInProgress = (): ApiError =>
  modelled('PreviewGenerationInProgressException', 'A preview of this assessment template is being worked out', {});
