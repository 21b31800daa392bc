/** The errors of the Assay API, in the form of Inspector's: a message, a code of a closed set, and whether to try again. */
import { InternalException, ServiceTemporarilyUnavailableException } from '../api/errors.ts';
import { Bool, ErrorMessage } from '../api/values.ts';
import { enumeration, structure } from '../shape.ts';

export const AccessDeniedErrorCode = enumeration(
  'ACCESS_DENIED_BY_POLICY',
  'ACCESS_DENIED_TO_RESOURCE',
  'ACCESS_DENIED_TO_ASSESSMENT_RUN',
  'ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE',
  'ACCESS_DENIED_TO_ASSESSMENT_TARGET',
);
export const AccessDeniedException = structure(
  { message: ErrorMessage, errorCode: AccessDeniedErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
export const InvalidInputErrorCode = enumeration(
  'INVALID_MEMBER',
  'INVALID_PAGINATION_TOKEN',
  'INVALID_RESOURCE_ARN',
  'INVALID_ASSESSMENT_RUN_ARN',
  'INVALID_ASSESSMENT_TEMPLATE_ARN',
  'INVALID_ASSESSMENT_TARGET_ARN',
);
export const InvalidInputException = structure(
  { message: ErrorMessage, errorCode: InvalidInputErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
export const NoSuchEntityErrorCode = enumeration(
  'HOST_DOES_NOT_EXIST',
  'ENROLLMENT_TOKEN_DOES_NOT_EXIST',
  'ACCESS_KEY_DOES_NOT_EXIST',
  'ASSESSMENT_RUN_DOES_NOT_EXIST',
  'VERDICT_DOES_NOT_EXIST',
  'ADVISORIES_DO_NOT_EXIST',
  'TOPIC_IS_NOT_MAPPED',
  'EVENT_IS_NOT_SUBSCRIBED',
  'ASSESSMENT_TARGET_DOES_NOT_EXIST',
  'TARGET_HAS_NO_WINDOW',
  'SCHEDULE_DOES_NOT_EXIST',
  'ASSESSMENT_TEMPLATE_DOES_NOT_EXIST',
);
export const NoSuchEntityException = structure(
  { message: ErrorMessage, errorCode: NoSuchEntityErrorCode, canRetry: Bool },
  'message',
  'errorCode',
  'canRetry',
);
/** What is there is not in the state that the operation needs. */
export const ConflictException = structure({ message: ErrorMessage, canRetry: Bool }, 'message', 'canRetry');

export const assayErrors = {
  AccessDeniedException,
  ConflictException,
  InternalException,
  InvalidInputException,
  NoSuchEntityException,
  ServiceTemporarilyUnavailableException,
};

export type AssayErrorName = keyof typeof assayErrors;
