import type { AssayInput, AssayOperationName } from '@assay/model/assay/operations.ts';
import type { Caller } from '../operation.ts';
import { type PageRequest, pageRequest } from '../page.ts';
import type { PageTokens } from '../page-tokens.ts';

/** The operations that answer with pages. */
type AssayList = {
  [O in AssayOperationName]: 'nextToken' extends keyof AssayInput<O> ? O : never;
}[AssayOperationName];

/** Items of a page where the caller does not say how many. */
const DEFAULT_SIZE = 100;

/** Reads a list's nextToken and maxResults. Throws INVALID_PAGINATION_TOKEN. */
export const assayPage = <O extends AssayList>(
  tokens: PageTokens,
  operation: O,
  caller: Caller,
  input: AssayInput<O>,
): PageRequest => pageRequest(tokens, `assay:${operation}`, caller, input, DEFAULT_SIZE);
