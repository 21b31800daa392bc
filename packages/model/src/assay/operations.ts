/** The operations of the Assay API: what Inspector's 37 have no word for. */
import { type Static, structure } from '../shape.ts';
import type { AssayErrorName } from './errors.ts';
import { ArnList, FailedItemMap, HostFilter, HostList, MaxResults, NextToken } from './structures.ts';

/** Any call may end in one of these. */
const ALWAYS = [
  'AccessDeniedException',
  'InternalException',
  'InvalidInputException',
  'ServiceTemporarilyUnavailableException',
] as const satisfies readonly AssayErrorName[];

const page = { maxResults: MaxResults, nextToken: NextToken };

export const DescribeHostsRequest = structure({ hostArns: ArnList }, 'hostArns');
export const DescribeHostsResponse = structure({ hosts: HostList, failedItems: FailedItemMap }, 'hosts', 'failedItems');
export const ListHostsRequest = structure({ filter: HostFilter, ...page });
export const ListHostsResponse = structure({ hosts: HostList, nextToken: NextToken }, 'hosts');

/** Every operation with its input, its output, its errors and what it is for. */
export const assayOperations = {
  DescribeHosts: {
    input: DescribeHostsRequest,
    output: DescribeHostsResponse,
    errors: [...ALWAYS],
    documentation: 'Describes hosts by their ARNs.',
  },
  ListHosts: {
    input: ListHostsRequest,
    output: ListHostsResponse,
    errors: [...ALWAYS],
    documentation: 'Lists the enrolled hosts, newest enrolment first. A host matches with any of the tags asked for.',
  },
} as const;

export type AssayOperationName = keyof typeof assayOperations;
export type AssayInput<O extends AssayOperationName> = Static<(typeof assayOperations)[O]['input']>;
export type AssayOutput<O extends AssayOperationName> = Static<(typeof assayOperations)[O]['output']>;
