import { elementOf, membersOf, type Shape, type Static } from './shape.ts';

/** Where in a JSON document a value stands: member names and list positions. */
export type Path = readonly (string | number)[];

/** A value of the wrong JSON type. */
export class SerializationFault extends Error {
  readonly path: Path;
  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
/** The last instant that Date can hold, in seconds. */
const TIMESTAMP_MAX = 8.64e12;

const refuse = (path: Path, expected: string): never => {
  throw new SerializationFault([...path], `${formatPath(path) || 'The body'} must be ${expected}`);
};

/**
 * Reads a decoded JSON value as a shape: checks types only, drops members that the shape does not name, and treats
 * null as absent (in a list it is refused). Lengths, ranges and enums are {@link check}'s.
 * Throws {@link SerializationFault}.
 */
export function parse<const S extends Shape>(shape: S, value: unknown, path: Path = []): Static<S> {
  return parseValue(shape, value, [...path]) as Static<S>;
}

/** As a value of a member or an element: the path is one list for all, since a path of its own for each value takes longer than the rest. */
function parseAt(shape: Shape, value: unknown, path: (string | number)[], part: string | number): unknown {
  path.push(part);
  const parsed = parseValue(shape, value, path);
  path.pop();
  return parsed;
}

function parseValue(shape: Shape, value: unknown, path: (string | number)[]): unknown {
  switch (shape.type) {
    case 'string':
    case 'enum':
      return typeof value === 'string' && value.isWellFormed() ? value : refuse(path, 'a string of Unicode text');
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value <= INT32_MAX && value >= INT32_MIN
        ? value
        : refuse(path, 'an integer');
    case 'long':
      return Number.isSafeInteger(value) ? value : refuse(path, 'an integer');
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : refuse(path, 'a number');
    case 'timestamp':
      return typeof value === 'number' && Math.abs(value) <= TIMESTAMP_MAX
        ? value
        : refuse(path, 'a timestamp, in seconds since the epoch');
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(path, 'true or false');
    case 'list': {
      if (!Array.isArray(value)) return refuse(path, 'a list');
      const of = elementOf(shape);
      return value.map((element, index) => parseAt(of, element, path, index));
    }
    case 'map': {
      const entries = Object.entries(asObject(value, path)).filter(([, element]) => element !== null);
      return Object.fromEntries(
        entries.map(([key, element]) => [
          parseAt(shape.key as Shape, key, path, key),
          parseAt(elementOf(shape), element, path, key),
        ]),
      );
    }
    case 'structure': {
      const source = asObject(value, path);
      const parsed: Record<string, unknown> = {};
      const members = membersOf(shape);
      for (const name of Object.keys(members)) {
        const given = Object.hasOwn(source, name) ? source[name] : undefined;
        const member = members[name];
        if (member && given !== undefined && given !== null) parsed[name] = parseAt(member, given, path, name);
      }
      return parsed;
    }
  }
}

function asObject(value: unknown, path: Path): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'an object');
  return value as Record<string, unknown>;
}

/** `filter.states[2]`, as AWS writes positions in its messages. */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    '',
  );
}
