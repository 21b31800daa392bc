import { type OperationName, operations } from '@assay/model/api/operations.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import { applied, type Change, type ConformanceCase, nameOf, placeOf, SERIALIZATION, type Step } from './change.ts';
import { baselines, codeOf, duplicateCode, meaningOf } from './expectations.ts';
import { pairs } from './pairs.ts';
import { UUID, validInput, validValue } from './valid-input.ts';

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
