import type { AssayOperationName } from '@assay/model/assay/operations.ts';
import type { Deps } from '../operation.ts';
import { describeHosts } from './describe-hosts.ts';
import { listHosts } from './list-hosts.ts';
import type { AssayOperation } from './operation.ts';

/** Every operation of the Assay API: one that is missing here does not compile. */
export const assayTable = {
  DescribeHosts: describeHosts,
  ListHosts: listHosts,
} satisfies { readonly [O in AssayOperationName]: AssayOperation<O, keyof Deps> };
