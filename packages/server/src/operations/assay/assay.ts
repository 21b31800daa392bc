import { assayModel } from '@assay/model/assay/assay-model.ts';
import type { Service } from '../service.ts';
import { accessDenied, invalidInput } from './errors.ts';
import { assayTable } from './index.ts';

/** What Assay has beyond Inspector. */
export const assay: Service = {
  model: assayModel,
  operations: assayTable as unknown as Service['operations'],
  invalid: (_operation, _path, _constraint, message) => invalidInput('INVALID_MEMBER', message),
  denied: (_operation, _resource, message) => accessDenied('ACCESS_DENIED_BY_POLICY', message),
};
