import { type OperationName, operations } from '@assay/model/api/operations.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import { validInput, validValue } from './valid-input.ts';

/** One input of one operation, and what must be answered. */
export interface ConformanceCase {
  readonly operation: OperationName;
  readonly what: string;
  readonly input: unknown;
  /** `OK`, or the error's `__type` and, where it has one, its errorCode. */
  readonly expected: string;
  /** The place that an InvalidInputException's message must name: that of the constraint which is broken. */
  readonly named?: string;
}

export type Step = string | number;

/** A change of a valid input at one place. */
export interface Change {
  readonly path: readonly Step[];
  readonly what: string;
  /** Undefined takes the member away. */
  readonly value: unknown;
  readonly kind: 'type' | 'constraint' | 'allowed';
  readonly expected: string;
  readonly named?: string;
}

export const SERIALIZATION = 'SerializationException';

/** The valid input with changes; what they stand in is made valid. */
export function applied(operation: OperationName, changes: readonly Change[]): unknown {
  const shape = operations[operation].input as StructureShape;
  return changes.reduce<unknown>(
    (input, { path, value }) => changed(shape, '', input, path, value),
    validInput(operation),
  );
}

function changed(shape: Shape, name: string, before: unknown, path: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const whole = before ?? validValue(shape, name);
  if (shape.type === 'list') {
    const [element] = whole as unknown[];
    return [changed(elementOf(shape), name, element, rest, value)];
  }
  const { [String(step)]: inner, ...others } = whole as Record<string, unknown>;
  const member = shape.type === 'structure' ? membersOf(shape)[step] : undefined;
  const after = member ? changed(member, String(step), inner, rest, value) : value;
  return after === undefined ? others : { ...others, [step]: after };
}

/** `filter.states[]` */
export const placeOf = (path: readonly Step[]): string =>
  path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[]` : text ? `${text}.${step}` : step), '');

export const nameOf = (path: readonly Step[]): string => placeOf(path) || 'The input';
