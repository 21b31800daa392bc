import type { OperationName } from '@assay/model/api/operations.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import { applied, type Change, type ConformanceCase, nameOf, placeOf, SERIALIZATION, type Step } from './change.ts';

/** Two changes at once, where the order in which they are judged decides the answer. */
export function pairs(operation: OperationName, shape: StructureShape, changes: readonly Change[]): ConformanceCase[] {
  const firstOf = (kind: Change['kind'], faulty: boolean): Change[] => {
    const byPlace = new Map<string, Change>();
    for (const change of changes) {
      const isFault = change.expected.startsWith('InvalidInput') || change.expected === SERIALIZATION;
      if (change.kind === kind && isFault === faulty && !byPlace.has(placeOf(change.path))) {
        byPlace.set(placeOf(change.path), change);
      }
    }
    return [...byPlace.values()];
  };
  const types = firstOf('type', true);
  const constraints = firstOf('constraint', true);
  const meanings = firstOf('allowed', true);
  const found: ConformanceCase[] = [];
  const add = (one: Change, other: Change, wins: Change): void => {
    if (within(one.path, other.path) || within(other.path, one.path)) return;
    found.push({
      operation,
      what: `${nameOf(one.path)} ${one.what}, and ${nameOf(other.path)} ${other.what}`,
      input: applied(operation, [one, other]),
      expected: wins.expected,
      ...(wins.named === undefined ? {} : { named: wins.named }),
    });
  };
  // Serialization before shape, shape before meaning, wherever they stand.
  for (const type of types) for (const constraint of constraints) add(type, constraint, type);
  for (const type of types) for (const meaning of meanings) add(meaning, type, type);
  for (const constraint of constraints) for (const meaning of meanings) add(meaning, constraint, constraint);
  // Of two shapes the first: members that are missing, then the others, in the model's order.
  for (const [at, one] of constraints.entries()) {
    for (const other of constraints.slice(at + 1)) {
      add(one, other, comesFirst(shape, one, other) ? one : other);
    }
  }
  return found;
}

/** Whether a fault is told before another. */
function comesFirst(root: StructureShape, one: Change, other: Change): boolean {
  const at = one.path.findIndex((step, index) => step !== other.path[index]);
  const shape = shapeAt(root, one.path.slice(0, at));
  if (shape.type !== 'structure') return Number(one.path[at]) < Number(other.path[at]);
  const isMissing = ({ path, value }: Change): boolean =>
    path.length === at + 1 && (value === undefined || value === null);
  if (isMissing(one) !== isMissing(other)) return isMissing(one);
  const order = isMissing(one) ? shape.required : Object.keys(membersOf(shape));
  return order.indexOf(String(one.path[at])) < order.indexOf(String(other.path[at]));
}

function shapeAt(shape: Shape, [step, ...rest]: readonly Step[]): Shape {
  if (step === undefined) return shape;
  if (shape.type === 'list') return shapeAt(elementOf(shape), rest);
  if (shape.type === 'structure') return shapeAt(membersOf(shape)[step] as Shape, rest);
  throw new Error(`There is nothing below a ${shape.type}`);
}

const within = (outer: readonly Step[], inner: readonly Step[]): boolean =>
  outer.every((step, at) => step === inner[at]);
