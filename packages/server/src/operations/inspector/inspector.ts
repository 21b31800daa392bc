import { faultCode } from '@assay/model/api/fault-codes.ts';
import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import type { OperationName } from '@assay/model/api/operations.ts';
import { accessDenied, invalidInput } from '../errors.ts';
import type { Service } from '../service.ts';
import { operationTable } from './index.ts';
import { deniedCode } from './resource-kinds.ts';

/** Amazon Inspector Classic. */
export const inspector: Service = {
  model: inspectorModel,
  operations: operationTable as unknown as Service['operations'],
  invalid: (operation, path, constraint, message) =>
    invalidInput(faultCode(operation as OperationName, path, constraint), message),
  denied: (operation, resource, message) => accessDenied(deniedCode(operation as OperationName, resource), message),
};
