import type { Operation } from '../operation.ts';
import { changeUserAttributes, requireUniqueKeys } from './change-user-attributes.ts';

/** Gives findings user attributes; an attribute whose key is there already gets the new value. */
export const addAttributesToFindings: Operation<'AddAttributesToFindings', 'store' | 'now'> =
  (deps) =>
  async ({ findingArns, attributes }, caller) => {
    const keys = attributes.map(({ key }) => key);
    requireUniqueKeys(keys, 'attributes');
    const failedItems = await changeUserAttributes(deps, caller, findingArns, (before) => {
      const given = new Map(attributes.map((attribute) => [attribute.key, attribute]));
      const kept = before.map((attribute) => given.get(attribute.key) ?? attribute);
      const had = new Set(before.map(({ key }) => key));
      return [...kept, ...attributes.filter(({ key }) => !had.has(key))];
    });
    return { failedItems };
  };
