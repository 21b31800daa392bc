import { elementOf, membersOf, type Shape } from './shape.ts';

/** The most JSON values that a value of a shape can have; Infinity where a list or map of it has no bound. */
export function mostValues(shape: Shape): number {
  switch (shape.type) {
    case 'list':
    case 'map':
      return 1 + (shape.max ?? Number.POSITIVE_INFINITY) * mostValues(elementOf(shape));
    case 'structure':
      return Object.values(membersOf(shape)).reduce((sum, member) => sum + mostValues(member), 1);
    default:
      return 1;
  }
}
