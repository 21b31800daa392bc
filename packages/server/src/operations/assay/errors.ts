import type {
  AccessDeniedErrorCode,
  AssayErrorName,
  assayErrors,
  InvalidInputErrorCode,
  NoSuchEntityErrorCode,
} from '@assay/model/assay/errors.ts';
import type { Static } from '@assay/model/shape.ts';
import { ApiError } from '../errors.ts';

type Members<E extends AssayErrorName> = Omit<Static<(typeof assayErrors)[E]>, 'message'>;
const modelled = <E extends AssayErrorName>(type: E, message: string, members: Members<E>): ApiError =>
  // Messages are at most 1,000 characters in the model.
  new ApiError(type, message.length <= 1000 ? message : `${message.slice(0, 999)}…`, members);

export const invalidInput = (errorCode: Static<typeof InvalidInputErrorCode>, message: string): ApiError =>
  modelled('InvalidInputException', message, { errorCode, canRetry: false });

export const noSuchEntity = (errorCode: Static<typeof NoSuchEntityErrorCode>, message: string): ApiError =>
  modelled('NoSuchEntityException', message, { errorCode, canRetry: false });

export const accessDenied = (errorCode: Static<typeof AccessDeniedErrorCode>, message: string): ApiError =>
  modelled('AccessDeniedException', message, { errorCode, canRetry: false });

export const conflict = (message: string): ApiError => modelled('ConflictException', message, { canRetry: false });
