import type { Input, OperationName, Output } from '@assay/model/api/operations.ts';
import type { Scope } from '@assay/model/arn.ts';
import type { AssayInput, AssayOperationName, AssayOutput } from '@assay/model/assay/operations.ts';

/** What a command asks: the operations of both services, of a server over the wire or of a store in this process. */
export interface Client {
  /** Where its answers come from, for people: an endpoint, or a data directory. */
  readonly origin: string;
  readonly inspector: <O extends OperationName>(operation: O, input: Input<O>) => Promise<Output<O>>;
  readonly assay: <O extends AssayOperationName>(operation: O, input: AssayInput<O>) => Promise<AssayOutput<O>>;
  /** What a link of an answer opens: a report. */
  readonly download: (url: string) => Promise<AsyncIterable<Uint8Array>>;
  /** Waits until a run has ended; where no server works on its store, this process does. */
  readonly finish: (runArn: string) => Promise<void>;
  /** The account and region that it acts in. */
  readonly scope: () => Promise<Scope>;
}
