/**
 * The Assay API's model in the format that AWS's own tools are made from (botocore's service-2.json and
 * paginators-1.json): `aws configure add-model` and boto3 read it.
 */
import * as values from '../api/values.ts';
import { elementOf, type ListShape, membersOf, type Shape, type StructureShape } from '../shape.ts';
import { assayModel } from './assay-model.ts';
import { assayErrors } from './errors.ts';
import { type AssayOperationName, assayOperations } from './operations.ts';
import * as structures from './structures.ts';

type Json = Readonly<Record<string, unknown>>;

/** service-2.json, as an object to be written. */
export function assayApiModel(): Json {
  const shapes = new ShapeTable();
  const operations: Record<string, Json> = {};
  for (const [name, { input, output, errors, documentation }] of Object.entries(assayOperations)) {
    operations[name] = {
      name,
      http: { method: 'POST', requestUri: '/' },
      input: shapes.refer(input, `${name}Request`),
      output: shapes.refer(output, `${name}Response`),
      errors: errors.map((error) => shapes.refer(assayErrors[error], error)),
      documentation: `<p>${escaped(documentation)}</p>`,
    };
  }
  for (const name of Object.keys(assayErrors)) Object.assign(shapes.written[name] ?? {}, { exception: true });
  return {
    version: '2.0',
    metadata: {
      apiVersion: assayModel.apiVersion,
      endpointPrefix: assayModel.name,
      jsonVersion: '1.1',
      protocol: 'json',
      protocols: ['json'],
      serviceFullName: 'Assay',
      serviceId: 'Assay',
      signatureVersion: 'v4',
      signingName: assayModel.name,
      targetPrefix: assayModel.targetPrefix,
      uid: `assay-${assayModel.apiVersion}`,
      auth: ['aws.auth#sigv4'],
    },
    operations,
    shapes: Object.fromEntries(Object.entries(shapes.written).sort(([a], [b]) => (a < b ? -1 : 1))),
    documentation: '<p>What an Assay server has beyond the API of Amazon Inspector Classic.</p>',
  };
}

/** paginators-1.json: the lists with pages. */
export function assayPaginators(): Json {
  const names = Object.keys(assayOperations) as AssayOperationName[];
  const paged = names.flatMap((name) => {
    const output = membersOf(assayOperations[name].output);
    const items = Object.entries(output).find(([, shape]) => shape.type === 'list')?.[0];
    return output.nextToken === undefined || items === undefined
      ? []
      : [[name, { input_token: 'nextToken', output_token: 'nextToken', limit_key: 'maxResults', result_key: items }]];
  });
  return { pagination: Object.fromEntries(paged) };
}

const known = new Map<Shape, string>(
  [...Object.entries(values), ...Object.entries(structures)].map(([name, shape]) => [shape, name]),
);

/** Shapes by their names: those that have one keep it, others are called after the place where they stand first. */
class ShapeTable {
  readonly written: Record<string, Json> = {};
  readonly #names = new Map<Shape, string>();

  refer(shape: Shape, place: string): { readonly shape: string } {
    const before = this.#names.get(shape);
    if (before !== undefined) return { shape: before };
    const name = known.get(shape) ?? place;
    if (this.written[name] !== undefined) throw new Error(`Two shapes of the Assay API are called ${name}`);
    this.#names.set(shape, name);
    this.written[name] = {};
    this.written[name] = this.#write(shape, name);
    return { shape: name };
  }

  #write(shape: Shape, name: string): Json {
    switch (shape.type) {
      case 'string':
        return {
          type: 'string',
          ...boundsOf(shape),
          ...(shape.pattern && { pattern: shape.pattern.source }),
          ...(shape.sensitive && { sensitive: true }),
        };
      case 'enum':
        return { type: 'string', enum: shape.values };
      case 'integer':
      case 'long':
      case 'double':
        return { type: shape.type, ...boundsOf(shape) };
      case 'boolean':
      case 'timestamp':
        return { type: shape.type };
      case 'list':
        return { type: 'list', member: this.refer(elementOf(shape as ListShape), `${name}Member`), ...boundsOf(shape) };
      case 'map':
        return {
          type: 'map',
          key: this.refer(shape.key as Shape, `${name}Key`),
          value: this.refer(elementOf(shape), `${name}Value`),
          ...boundsOf(shape),
        };
      case 'structure':
        return this.#writeStructure(shape, name);
    }
  }

  #writeStructure(shape: StructureShape, name: string): Json {
    const members = Object.entries(membersOf(shape)).map(([member, of]) => [
      member,
      this.refer(of, `${name}${member.charAt(0).toUpperCase()}${member.slice(1)}`),
    ]);
    return {
      type: 'structure',
      ...(shape.required.length > 0 && { required: shape.required }),
      members: Object.fromEntries(members),
    };
  }
}

const boundsOf = ({ min, max }: { readonly min?: number; readonly max?: number }): Json => ({
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
