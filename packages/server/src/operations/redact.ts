import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';

/** CloudTrail's words for a value that it keeps out. */
const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** What hides the secrets of values of a shape, for records; undefined where the shape has none. */
export function redactor(shape: StructureShape): ((value: object) => object) | undefined {
  return isSensitive(shape) ? (value) => redact(shape, value) as object : undefined;
}

function isSensitive(shape: Shape): boolean {
  switch (shape.type) {
    case 'string':
      return shape.sensitive === true;
    case 'list':
    case 'map':
      return isSensitive(elementOf(shape));
    case 'structure':
      return Object.values(membersOf(shape)).some(isSensitive);
    default:
      return false;
  }
}

function redact(shape: Shape, value: unknown): unknown {
  if (value === undefined || !isSensitive(shape)) return value;
  switch (shape.type) {
    case 'list':
      return (value as unknown[]).map((element) => redact(elementOf(shape), element));
    case 'map':
    case 'structure':
      return Object.fromEntries(
        Object.entries(value as object).map(([name, member]) => {
          const of = shape.type === 'map' ? elementOf(shape) : membersOf(shape)[name];
          return [name, of === undefined ? member : redact(of, member)];
        }),
      );
    default:
      return HIDDEN;
  }
}
