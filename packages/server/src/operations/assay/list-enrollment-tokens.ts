import { readPage } from '../page.ts';
import { enrollmentTokenItem } from './enrollment-token-item.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

export const listEnrollmentTokens: AssayOperation<'ListEnrollmentTokens', 'store' | 'tokens' | 'now'> =
  ({ store, tokens, now }) =>
  async (input, caller) => {
    const at = now();
    const which = { usableAt: input.usableOnly ? at : undefined };
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListEnrollmentTokens', caller, input),
      (after, limit) => store.enrollmentTokens.list(caller.scope, which, after, limit),
      ({ createdAt, digest }) => ({ at: createdAt, id: digest }),
    );
    return { tokens: rows.map((token) => enrollmentTokenItem(caller, token, at)), nextToken };
  };
