import type { UserAttribute } from '../../domain/template.ts';
import type { FailedItem } from '../describe-arns.ts';
import { invalidInput } from '../errors.ts';
import type { Caller, Deps } from '../operation.ts';
import { describe } from './describe.ts';

/** The most that a finding can carry. Source: the published API model (UserAttributeList). */
const MAX_USER_ATTRIBUTES = 10;

/**
 * Changes what users have said of findings, each for itself, all in one transaction: what cannot be changed comes in
 * failedItems. A finding that the change leaves as it was keeps its updatedAt.
 */
export async function changeUserAttributes(
  { store, now }: Pick<Deps, 'store' | 'now'>,
  caller: Caller,
  findingArns: readonly string[],
  change: (before: readonly UserAttribute[]) => UserAttribute[],
): Promise<Record<string, FailedItem>> {
  return store.transaction(async (tables) => {
    const { found, failedItems } = await describe(
      caller,
      'finding',
      findingArns,
      (ids) => tables.findings.findMany(caller.scope, ids),
      ({ target, template, run, id }) => [target, template, run, id],
    );
    const failed = Object.entries(failedItems);
    for (const { arn, row } of found) {
      const before = row.document.userAttributes;
      const after = change(before);
      if (after.length > MAX_USER_ATTRIBUTES) {
        failed.push([arn, { failureCode: 'LIMIT_EXCEEDED', retryable: false }]);
      } else if (JSON.stringify(after) !== JSON.stringify(before)) {
        await tables.findings.setUserAttributes(caller.scope, row, after, Math.max(now(), row.updatedAt));
      }
    }
    return Object.fromEntries(failed);
  });
}

/** Throws INVALID_USER_ATTRIBUTE_KEY when a key is given twice. */
export function requireUniqueKeys(keys: readonly string[], member: string): void {
  if (new Set(keys).size < keys.length) {
    throw invalidInput('INVALID_USER_ATTRIBUTE_KEY', `${member} must not have a key twice`);
  }
}
