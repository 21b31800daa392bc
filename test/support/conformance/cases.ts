import { type OperationName, operations } from '@assay/model/api/operations.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import { baselines, codeOf, duplicateCode, meaningOf } from './expectations.ts';
import { UUID, validInput, validValue } from './valid-input.ts';

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

type Step = string | number;

/** A change of a valid input at one place. */
interface Change {
  readonly path: readonly Step[];
  readonly what: string;
  /** Undefined takes the member away. */
  readonly value: unknown;
  readonly kind: 'type' | 'constraint' | 'allowed';
  readonly expected: string;
  readonly named?: string;
}

const SERIALIZATION = 'SerializationException';

/** Every case of an operation, those with one change before those with two. */
export function conformanceCases(operation: OperationName): ConformanceCase[] {
  const shape = operations[operation].input as StructureShape;
  const changes = changesOf(operation, shape, []);
  const one = changes.map(
    (change): ConformanceCase => ({
      operation,
      what: `${nameOf(change.path)} ${change.what}`,
      input: applied(operation, [change]),
      expected: change.expected,
      ...(change.named === undefined ? {} : { named: change.named }),
    }),
  );
  return [...bodies(operation), ...one, ...pairs(operation, shape, changes)];
}

/** What holds of every operation's input as a whole. */
function bodies(operation: OperationName): ConformanceCase[] {
  const valid = validInput(operation);
  const baseline = baselines[operation];
  const found = (what: string, input: unknown, expected: string): ConformanceCase => ({
    operation,
    what,
    input,
    expected,
  });
  return [
    found('a valid input', valid, baseline),
    found('an unknown member', { ...valid, unknown: [{ deep: null }] }, baseline),
    found('a member of the prototype', { ...valid, constructor: 1, toString: 'x' }, baseline),
    found('white space around', ` \n\t${JSON.stringify(valid)}\r\n`, baseline),
    ...['[]', '""', '1', 'null', 'true', '{', '{"a":1}}', "{'a':1}", '\ufeff\ufeff{}'].map((text) =>
      found(`the body ${text}`, text, SERIALIZATION),
    ),
    found('a body that is no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), SERIALIZATION),
  ];
}

/** Every change at a place and below it. */
function changesOf(operation: OperationName, shape: Shape, path: readonly Step[]): Change[] {
  const place = placeOf(path);
  const name = String(path.findLast((step) => typeof step === 'string') ?? '');
  const allowed = (what: string, value: unknown): Change => {
    const expected = meaningOf(operation, place, value);
    return { path, what, value, kind: 'allowed', expected };
  };
  const refused = (what: string, value: unknown, count = false): Change => {
    const expected = `InvalidInputException ${codeOf(operation, place, count)}`;
    return { path, what, value, kind: 'constraint', expected, named: place };
  };
  const wrongType = (value: unknown): Change => {
    const what = `is ${typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? '')}`;
    return { path, what, value, kind: 'type', expected: SERIALIZATION };
  };
  switch (shape.type) {
    case 'string':
      return [...stringChanges(shape, allowed, refused), ...[1, true, {}, [], ...loneSurrogates].map(wrongType)];
    case 'enum': {
      const [first = ''] = shape.values;
      const wrong = ['', `${first} `, first.toLowerCase() === first ? first.toUpperCase() : first.toLowerCase()];
      return [
        ...shape.values.map((value) => allowed(`is ${value}`, value)),
        ...[...wrong, 'NO_SUCH_VALUE', '__proto__', `${first}\0`, `${first}\u0301`, '😀'].map((value) =>
          refused(`is ${JSON.stringify(value)}`, value),
        ),
        ...[1, true, {}, [], ...loneSurrogates].map(wrongType),
      ];
    }
    case 'integer':
    case 'long':
    case 'double': {
      const far = shape.type === 'integer' ? [2 ** 31, -(2 ** 31) - 1] : [];
      return [
        ...edges(shape).map(([value, fits]) => (fits ? allowed : refused)(`is ${value}`, value)),
        ...[...far, '1', 1.5, true, {}, []].map(wrongType),
      ];
    }
    case 'timestamp':
      return [
        ...[0, -1, 1_400_000_000.035, 8.64e12].map((value) => allowed(`is ${value}`, value)),
        ...['1', '2015-01-01T00:00:00Z', 8.64e12 + 1, true, {}, []].map(wrongType),
      ];
    case 'boolean':
      return [allowed('is false', false), ...[0, 'true', {}, []].map(wrongType)];
    case 'list': {
      const element = elementOf(shape);
      const many = (size: number) => Array.from({ length: size }, (_, at) => validValue(element, name, at));
      const code = duplicateCode(operation, place);
      const same = validValue(element, name);
      const twice = code
        ? { ...allowed('has a value twice', [same, same]), expected: `InvalidInputException ${code}` }
        : allowed('has a value twice', [same, same]);
      return [
        ...edges(shape).map(([size, fits]) =>
          fits ? allowed(`has ${size} elements`, many(size)) : refused(`has ${size} elements`, many(size), true),
        ),
        ...(shape.max === undefined || shape.max > 1 ? [twice] : []),
        ...['a', 1, true, {}, [null]].map(wrongType),
        ...changesOf(operation, element, [...path, 0]),
      ];
    }
    case 'structure':
      return structureChanges(operation, shape, path, wrongType);
    default:
      return [];
  }
}

function structureChanges(
  operation: OperationName,
  shape: StructureShape,
  path: readonly Step[],
  wrongType: (value: unknown) => Change,
): Change[] {
  const own = path.length === 0 ? [] : ['a', 1, true, []].map(wrongType);
  const members = Object.entries(membersOf(shape)).flatMap(([name, member]): Change[] => {
    const at = [...path, name];
    const place = placeOf(at);
    const required = shape.required.includes(name);
    const gone = (what: string, value: unknown): Change =>
      required
        ? {
            path: at,
            what,
            value,
            kind: 'constraint',
            expected: `InvalidInputException ${codeOf(operation, place, false)}`,
            named: place,
          }
        : { path: at, what, value, kind: 'allowed', expected: withoutMember(operation, place) };
    return [
      gone('is null', null),
      ...(required ? [gone('is missing', undefined)] : []),
      ...changesOf(operation, member, at),
    ];
  });
  const unknown: Change[] =
    path.length === 0
      ? []
      : [
          {
            path: [...path, 'unknown'],
            what: 'is no member',
            value: {},
            kind: 'allowed',
            expected: baselines[operation],
          },
        ];
  return [...own, ...unknown, ...members];
}

/** What is answered without an optional member: of the valid inputs one has such a member, and would make something. */
const withoutMember = (operation: OperationName, place: string): string =>
  operation === 'CreateAssessmentTarget' && place === 'resourceGroupArn' ? 'OK' : baselines[operation];

const loneSurrogates = ['\ud800', 'a\udc00', '\udc00\ud800'];

function stringChanges(
  shape: Shape & { type: 'string' },
  allowed: (what: string, value: string) => Change,
  refused: (what: string, value: string) => Change,
): Change[] {
  if (shape.pattern) {
    const wrong = ['', UUID.slice(1), `${UUID}0`, UUID.toUpperCase(), ` ${UUID}`, `${UUID}\n`, `${UUID}\u0301`];
    return [allowed('is a UUID', UUID), ...wrong.map((value) => refused(`is ${JSON.stringify(value)}`, value))];
  }
  // Lengths are code points: neither UTF-16 units nor what a reader takes for one character.
  const characters = {
    letters: 'x',
    accents: 'é',
    ideographs: '語',
    'astral characters': '😀',
    'combining marks': '\u0301',
  };
  const sizes = Object.entries(characters).flatMap(([name, character]) =>
    edges(shape)
      .filter(([size]) => size > 0 || name === 'letters')
      .map(([size, fits]) => (fits ? allowed : refused)(`has ${size} ${name}`, character.repeat(size))),
  );
  return [
    ...sizes,
    refused('has U+0000', 'a\0'),
    allowed('has controls and noncharacters', '\u202e\u200d\uffff\u0007'),
    allowed('has quotes', `'"\\;--`),
  ];
}

/** Two changes at once, where the order in which they are judged decides the answer. */
function pairs(operation: OperationName, shape: StructureShape, changes: readonly Change[]): ConformanceCase[] {
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

/** The valid input with changes; what they stand in is made valid. */
function applied(operation: OperationName, changes: readonly Change[]): unknown {
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
const placeOf = (path: readonly Step[]): string =>
  path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[]` : text ? `${text}.${step}` : step), '');

const nameOf = (path: readonly Step[]): string => placeOf(path) || 'The input';

/** Sizes or values at the bounds, which are allowed, and one beyond, which are not. */
function edges({ min, max }: { readonly min?: number; readonly max?: number }): [number, boolean][] {
  const low: [number, boolean][] = min === undefined ? [] : [[min, true]];
  if (min !== undefined && min > 0) low.push([min - 1, false]);
  const high: [number, boolean][] =
    max === undefined
      ? []
      : [
          [max, true],
          [max + 1, false],
        ];
  return [...low, ...high];
}
