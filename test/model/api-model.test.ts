/** Every shape of ours against the published model, constraint by constraint. */
import { readFileSync } from 'node:fs';
import { errors } from '@assay/model/api/errors.ts';
import { type OperationName, operations } from '@assay/model/api/operations.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import { expect, test } from 'vitest';
import { sharedFile, skipNote } from '../support/shared-data.ts';

interface Published {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly of?: string;
  readonly key?: string;
  readonly value?: string;
  readonly members?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
}
interface Model {
  readonly operations: Readonly<
    Record<string, { input: string | null; output: string | null; errors: readonly string[] }>
  >;
  readonly shapes: Readonly<Record<string, Published>>;
}

const { file, absent } = sharedFile('inspector/api-2016-02-16.json');
const model: Model = absent ? { operations: {}, shapes: {} } : (JSON.parse(readFileSync(file, 'utf8')) as Model);

/** Where ours differs, and why (structures.ts and values.ts say more). */
const decided: Readonly<Record<string, unknown>> = {
  // The reference of ListAssessmentRuns: at most 500, and a filter's durations are 1 second to a week.
  ListMaxResults: { type: 'integer', min: 1, max: 500 },
  ListEventSubscriptionsMaxResults: { type: 'integer', min: 1, max: 500 },
  PreviewAgentsMaxResults: { type: 'integer', min: 1, max: 500 },
  'DurationRange.minSeconds': { type: 'integer', min: 1, max: 604_800 },
  'DurationRange.maxSeconds': { type: 'integer', min: 1, max: 604_800 },
};

/** A published shape written out, references resolved. */
function published(name: string, place = name): unknown {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`The published model has no shape ${name}`);
  if (decided[place]) return decided[place];
  const { min, max } = shape;
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  switch (shape.type) {
    case 'structure':
      return {
        type: 'structure',
        required: [...(shape.required ?? [])].sort(),
        members: Object.fromEntries(
          Object.entries(shape.members ?? {}).map(([member, of]) => [
            member,
            decided[`${name}.${member}`] ?? published(of),
          ]),
        ),
      };
    case 'list':
      return { type: 'list', ...bounds, of: published(shape.of ?? '') };
    case 'map':
      return { type: 'map', ...bounds, key: published(shape.key ?? ''), of: published(shape.value ?? '') };
    case 'string':
      if (shape.enum) return { type: 'enum', values: [...shape.enum].sort() };
      return { type: 'string', ...bounds, ...(shape.pattern ? { pattern: `^${shape.pattern}$` } : {}) };
    default:
      return { type: shape.type, ...bounds };
  }
}

function ours(shape: Shape): unknown {
  switch (shape.type) {
    case 'structure':
      return {
        type: 'structure',
        required: [...shape.required].sort(),
        members: Object.fromEntries(Object.entries(membersOf(shape)).map(([name, member]) => [name, ours(member)])),
      };
    case 'list':
      return { ...shape, of: ours(elementOf(shape)) };
    case 'map':
      return { ...shape, key: ours(shape.key as Shape), of: ours(elementOf(shape)) };
    case 'enum':
      return { type: 'enum', values: [...shape.values].sort() };
    case 'string':
      return { ...shape, ...(shape.pattern ? { pattern: shape.pattern.source } : {}) };
    default:
      return shape;
  }
}

const whole = (shape: StructureShape) => ours(shape);
const nothing = { type: 'structure', required: [], members: {} };

test.skipIf(absent)(`the 37 operations are there${skipNote(absent)}`, () => {
  expect(Object.keys(operations).sort()).toEqual(Object.keys(model.operations).sort());
  expect(Object.keys(operations)).toHaveLength(37);
});

test.skipIf(absent).each(Object.keys(operations) as OperationName[])(`%s${skipNote(absent)}`, (name) => {
  const { input, output, errors: listed } = operations[name];
  const {
    input: inputName,
    output: outputName,
    errors: publishedErrors,
  } = model.operations[name] ?? { input: null, output: null, errors: [] };
  expect(whole(input)).toEqual(inputName === null ? nothing : published(inputName));
  expect(whole(output)).toEqual(outputName === null ? nothing : published(outputName));
  expect([...listed].sort()).toEqual([...publishedErrors].sort());
});

test.skipIf(absent).each(Object.entries(errors))(`%s${skipNote(absent)}`, (name, shape) => {
  expect(whole(shape)).toEqual(published(name));
});
