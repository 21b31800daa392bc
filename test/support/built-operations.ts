import type { OperationName } from '@assay/model/api/operations.ts';
import { operationTable } from '../../packages/server/src/operations/inspector/index.ts';

/** The operations that the server has. */
export const builtOperations = Object.keys(operationTable) as OperationName[];
