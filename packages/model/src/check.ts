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

/** Code points, counted no further than needed: `text.length` bounds them from above and, halved, from below. */
const codePoints = (text: string): number => {
  let pairs = 0;
  for (let index = 0; index < text.length; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800) pairs++;
  }
  return text.length - pairs;
};

/**
 * The constraints that a parsed value breaks, in the order of the shape's members (a structure's missing members
 * first, a list's count before its elements). Stops at `limit` faults.
 */
export function check(shape: Shape, value: unknown, limit = 1): Fault[] {
  const faults: Fault[] = [];
  visit(shape, value, [], faults, limit);
  return faults;
}

function visit(shape: Shape, value: unknown, path: Path, faults: Fault[], limit: number): void {
  const found = (constraint: Constraint, expected: string): void => {
    if (faults.length < limit) faults.push({ path, constraint, expected });
  };
  switch (shape.type) {
    case 'string': {
      const text = value as string;
      if (outside(codePoints(text), shape)) {
        found('length', `must have a length of ${describeBounds(shape.min, shape.max)}`);
      } else if (shape.pattern && !shape.pattern.test(text)) {
        found('pattern', `must match ${shape.pattern.source}`);
      } else if (!shape.raw && text.includes('\0')) {
        found('text', 'must not contain the character U+0000');
      }
      return;
    }
    case 'enum':
      if (!shape.values.includes(value as string)) found('enum', `must be one of ${shape.values.join(', ')}`);
      return;
    case 'integer':
    case 'long':
    case 'double':
      if (outside(value as number, shape)) found('range', `must be ${describeBounds(shape.min, shape.max)}`);
      return;
    case 'boolean':
    case 'timestamp':
      return;
    case 'list': {
      const elements = value as unknown[];
      if (outside(elements.length, shape)) {
        found('count', `must have ${describeBounds(shape.min, shape.max)} elements`);
        return;
      }
      for (const [index, element] of elements.entries()) {
        if (faults.length >= limit) return;
        visit(elementOf(shape), element, [...path, index], faults, limit);
      }
      return;
    }
    case 'map': {
      const entries = Object.entries(value as Record<string, unknown>);
      if (outside(entries.length, shape)) {
        found('count', `must have ${describeBounds(shape.min, shape.max)} entries`);
        return;
      }
      for (const [key, element] of entries) {
        if (faults.length >= limit) return;
        visit(shape.key as Shape, key, [...path, key], faults, limit);
        visit(elementOf(shape), element, [...path, key], faults, limit);
      }
      return;
    }
    case 'structure': {
      const given = value as Record<string, unknown>;
      for (const name of shape.required) {
        if (given[name] === undefined && faults.length < limit) {
          faults.push({ path: [...path, name], constraint: 'required', expected: 'must be given' });
        }
      }
      for (const [name, member] of Object.entries(membersOf(shape))) {
        if (faults.length >= limit) return;
        if (given[name] !== undefined) visit(member, given[name], [...path, name], faults, limit);
      }
    }
  }
}
