import type { AssayInput, AssayOperationName, AssayOutput } from '@assay/model/assay/operations.ts';
import type { Caller, Deps } from '../operation.ts';

/** An operation of the Assay API over what it uses; its input has its shape and keeps every constraint of the model. */
export type AssayOperation<O extends AssayOperationName, D extends keyof Deps> = (
  deps: Pick<Deps, D>,
) => (input: AssayInput<O>, caller: Caller) => Promise<AssayOutput<O>>;
