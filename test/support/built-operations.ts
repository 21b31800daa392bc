import type { OperationName } from '@assay/model/api/operations.ts';
import { notBuilt, operationTable } from '../../packages/server/src/operations/index.ts';

/** The operations that the server has. */
export const builtOperations = (Object.keys(operationTable) as OperationName[]).filter(
  (name) => operationTable[name] !== notBuilt,
);
