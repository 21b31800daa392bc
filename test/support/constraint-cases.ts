import { type OperationName, operations } from '@assay/model/api/operations.ts';
import type { ArnKind } from '@assay/model/arn.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';

/** One value at a place of an operation's input, at a constraint's edge or just beyond it. */
export interface ConstraintCase {
  /** `filter.states[]`: list positions without their number. */
  readonly place: string;
  readonly constraint: 'required' | 'length' | 'pattern' | 'range' | 'enum' | 'count';
  /** What the value is: "300 characters", "51 elements" … */
  readonly what: string;
  readonly allowed: boolean;
  readonly input: Readonly<Record<string, unknown>>;
}

const region = 'us-east-1';
const rulesPackageAccount = '316112463485';
const id = (at: number): string => `0-${String(at).padStart(8, '0')}`;
const arnOf = (kind: ArnKind, at: number): string => {
  const flat = kind === 'resourcegroup' || kind === 'rulespackage';
  const run = `target/${id(0)}/template/${id(0)}/run/${id(0)}`;
  const resource = {
    resourcegroup: `resourcegroup/${id(at)}`,
    rulespackage: `rulespackage/${id(at)}`,
    target: `target/${id(at)}`,
    template: `target/${id(0)}/template/${id(at)}`,
    run: `target/${id(0)}/template/${id(0)}/run/${id(at)}`,
    finding: `${run}/finding/${id(at)}`,
    exclusion: `${run}/exclusion/${id(at)}`,
  }[kind];
  return `arn:aws:inspector:${region}:${flat && kind === 'rulespackage' ? rulesPackageAccount : '123456789012'}:${resource}`;
};

const kinds: Readonly<Record<string, ArnKind>> = {
  assessmentTargetArn: 'target',
  previewAgentsArn: 'target',
  assessmentTemplateArn: 'template',
  assessmentRunArn: 'run',
  resourceGroupArn: 'resourcegroup',
  rulesPackageArn: 'rulespackage',
  findingArn: 'finding',
  exclusionArn: 'exclusion',
  resourceArn: 'template',
};

/** The only pattern of the model. */
const UUID = '01234567-89ab-cdef-0123-456789abcdef';

/** A value that keeps every constraint; values for different `at` differ. */
function valid(shape: Shape, name: string, at = 0): unknown {
  const kind = kinds[name.replace(/s$/, '')];
  switch (shape.type) {
    case 'string':
      if (shape.pattern) return UUID;
      return kind ? arnOf(kind, at) : `text ${at}`;
    case 'enum':
      return shape.values[at % shape.values.length];
    case 'integer':
    case 'long':
    case 'double':
      return shape.min ?? 1;
    case 'timestamp':
      return 1_400_000_000 + at;
    case 'boolean':
      return true;
    case 'list':
      return [valid(elementOf(shape), name, at)];
    case 'map':
      return {};
    case 'structure':
      return validStructure(shape, at);
  }
}

function validStructure(shape: StructureShape, at = 0): Record<string, unknown> {
  return Object.fromEntries(shape.required.map((name) => [name, valid(membersOf(shape)[name] as Shape, name, at)]));
}

/** Every constraint of an operation's input: at each of its edges, and one beyond. */
export function constraintCases(operation: OperationName): ConstraintCase[] {
  return casesOf(operations[operation].input as StructureShape, '', '', 0).map(({ value, ...found }) => ({
    ...found,
    input: value as Record<string, unknown>,
  }));
}

type Case = Omit<ConstraintCase, 'input'> & { readonly value: unknown };

function casesOf(shape: Shape, place: string, name: string, at: number): Case[] {
  const found = (constraint: Case['constraint'], allowed: boolean, what: string, value: unknown): Case => ({
    place,
    constraint,
    what,
    allowed,
    value,
  });
  switch (shape.type) {
    case 'string':
      if (shape.pattern) {
        const wrong = ['', UUID.slice(1), `${UUID}0`, UUID.toUpperCase(), ` ${UUID}`, `${UUID}\n`];
        return [UUID, ...wrong].map((value) => found('pattern', value === UUID, JSON.stringify(value), value));
      }
      return edges(shape).map(([size, allowed]) =>
        // Astral characters: lengths are code points, not UTF-16 units.
        found('length', allowed, `${size} characters`, '😀'.repeat(size)),
      );
    case 'enum':
      return [
        ...shape.values.map((value) => found('enum', true, value, value)),
        ...['', `${shape.values[0]} `, 'NO_SUCH_VALUE', '__proto__'].map((value) =>
          found('enum', false, JSON.stringify(value), value),
        ),
      ];
    case 'integer':
    case 'long':
    case 'double':
      return edges(shape).map(([value, allowed]) => found('range', allowed, String(value), value));
    case 'list': {
      const element = elementOf(shape);
      const many = (size: number) => Array.from({ length: size }, (_, index) => valid(element, name, index));
      const counts = edges(shape).map(([size, allowed]) => found('count', allowed, `${size} elements`, many(size)));
      return [...counts, ...casesOf(element, `${place}[]`, name, at).map((c) => ({ ...c, value: [c.value] }))];
    }
    case 'structure':
      return structureCases(shape, place, at);
    default:
      return [];
  }
}

function structureCases(shape: StructureShape, place: string, at: number): Case[] {
  const base = validStructure(shape, at);
  const below = (name: string): string => (place ? `${place}.${name}` : name);
  const missing = shape.required.map((name): Case => {
    const { [name]: _, ...rest } = base;
    return { place: below(name), constraint: 'required', what: 'missing', allowed: false, value: rest };
  });
  const members = Object.entries(membersOf(shape)).flatMap(([name, member]) =>
    casesOf(member, below(name), name, at).map((c) => ({ ...c, value: { ...base, [name]: c.value } })),
  );
  return [...missing, ...members];
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
