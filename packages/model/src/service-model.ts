import type { StructureShape } from './shape.ts';

/** An operation of a service on the wire: its shapes, and the names of the errors that it answers with. */
export interface OperationModel {
  readonly input: StructureShape;
  readonly output: StructureShape;
  readonly errors: readonly string[];
}

/** What a service is called on the wire, and what it offers. */
export interface ServiceModel {
  /** The service name of SigV4's credential scope, and the prefix of its actions in policies. */
  readonly name: string;
  /** What X-Amz-Target begins with, before the dot. */
  readonly targetPrefix: string;
  /** YYYY-MM-DD. */
  readonly apiVersion: string;
  readonly operations: Readonly<Record<string, OperationModel>>;
}
