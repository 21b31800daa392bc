import { readPage } from '../page.ts';
import { accessKeyItem } from './access-keys.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';

export const listAccessKeys: AssayOperation<'ListAccessKeys', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const { rows, nextToken } = await readPage(
      assayPage(tokens, 'ListAccessKeys', caller, input),
      (after, limit) => store.accessKeys.page(caller.operator ? null : caller.account, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    return { accessKeys: rows.map((key) => accessKeyItem(caller, key)), nextToken };
  };
