import type { Path } from './parse.ts';
import { elementOf, membersOf, type Shape } from './shape.ts';

export type Constraint = 'required' | 'length' | 'pattern' | 'range' | 'enum' | 'count' | 'text';

/** A value of the right type that breaks a constraint of its shape. */
export interface Fault {
  readonly path: Path;
  readonly constraint: Constraint;
  /** What the value would have to be, as the end of a sentence: "must have a length of 1 to 300". */
  readonly expected: string;
}

const describeBounds = (min: number | undefined, max: number | undefined): string => {
  if (max === undefined) return `at least ${min}`;
  if (min === undefined) return `at most ${max}`;
  return `${min} to ${max}`;
};

const outside = (size: number, { min, max }: { readonly min?: number; readonly max?: number }): boolean =>
  (min !== undefined && size < min) || (max !== undefined && size > max);

/** Of code points. `text.length` bounds their number from above and, halved, from below: they are counted only where that leaves it open. */
function isOfOtherLength(text: string, shape: { readonly min?: number; readonly max?: number }): boolean {
  const { min = 0, max = Number.POSITIVE_INFINITY } = shape;
  if (text.length <= max && text.length >= 2 * min - 1) return false;
  let pairs = 0;
  for (let index = 0; index < text.length; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800) pairs++;
  }
  return outside(text.length - pairs, shape);
}

/**
 * The constraints that a parsed value breaks, in the order of the shape's members (a structure's missing members
 * first, a list's count before its elements). Stops at `limit` faults.
 */
export function check(shape: Shape, value: unknown, limit = 1): Fault[] {
  const search: Search = { path: [], faults: [], limit };
  visit(shape, value, search);
  return search.faults;
}

interface Search {
  /** Of the value that is looked at: one list for all, as one for each value would take longer than the rest. */
  readonly path: (string | number)[];
  readonly faults: Fault[];
  readonly limit: number;
}

function found({ path, faults, limit }: Search, constraint: Constraint, expected: string, ...member: string[]): void {
  if (faults.length < limit) faults.push({ path: [...path, ...member], constraint, expected });
}

function visitAt(shape: Shape, value: unknown, part: string | number, search: Search): void {
  search.path.push(part);
  visit(shape, value, search);
  search.path.pop();
}

function visit(shape: Shape, value: unknown, search: Search): void {
  const { faults, limit } = search;
  switch (shape.type) {
    case 'string': {
      const text = value as string;
      if (isOfOtherLength(text, shape)) {
        found(search, 'length', `must have a length of ${describeBounds(shape.min, shape.max)}`);
      } else if (shape.pattern && !shape.pattern.test(text)) {
        found(search, 'pattern', `must match ${shape.pattern.source}`);
      } else if (!shape.raw && text.includes('\0')) {
        found(search, 'text', 'must not contain the character U+0000');
      }
      return;
    }
    case 'enum':
      if (!shape.values.includes(value as string)) {
        found(search, 'enum', `must be one of ${shape.values.join(', ')}`);
      }
      return;
    case 'integer':
    case 'long':
    case 'double':
      if (outside(value as number, shape)) {
        found(search, 'range', `must be ${describeBounds(shape.min, shape.max)}`);
      }
      return;
    case 'boolean':
    case 'timestamp':
      return;
    case 'list': {
      const elements = value as unknown[];
      if (outside(elements.length, shape)) {
        found(search, 'count', `must have ${describeBounds(shape.min, shape.max)} elements`);
        return;
      }
      for (const [index, element] of elements.entries()) {
        if (faults.length >= limit) return;
        visitAt(elementOf(shape), element, index, search);
      }
      return;
    }
    case 'map': {
      const entries = Object.entries(value as Record<string, unknown>);
      if (outside(entries.length, shape)) {
        found(search, 'count', `must have ${describeBounds(shape.min, shape.max)} entries`);
        return;
      }
      for (const [key, element] of entries) {
        if (faults.length >= limit) return;
        visitAt(shape.key as Shape, key, key, search);
        visitAt(elementOf(shape), element, key, search);
      }
      return;
    }
    case 'structure': {
      const given = value as Record<string, unknown>;
      for (const name of shape.required) {
        if (given[name] === undefined) found(search, 'required', 'must be given', name);
      }
      const members = membersOf(shape);
      for (const name of Object.keys(members)) {
        if (faults.length >= limit) return;
        const member = members[name];
        if (member && given[name] !== undefined) visitAt(member, given[name], name, search);
      }
    }
  }
}
