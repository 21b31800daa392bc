import type { Constraint } from '@assay/model/check.ts';
import type { Path } from '@assay/model/parse.ts';
import type { ServiceModel } from '@assay/model/service-model.ts';
import type { ApiError } from './errors.ts';
import type { Deps } from './operation.ts';

/** A service on the wire: its model, an operation for everything in it, and how it says no. */
export interface Service {
  readonly model: ServiceModel;
  /** By name; the handler gives each what it uses. */
  readonly operations: Readonly<Record<string, (deps: Deps) => unknown>>;
  /** The error for an input that breaks a constraint of its shape. */
  readonly invalid: (operation: string, path: Path, constraint: Constraint, message: string) => ApiError;
  /** The error for a caller whose policy does not allow an operation on a resource. */
  readonly denied: (operation: string, resource: string, message: string) => ApiError;
}
