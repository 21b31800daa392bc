import { type OperationName, operations } from '@assay/model/api/operations.ts';
import { elementOf, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import { describe, expect, test } from 'vitest';
import { errorOf, type RawReply, rawRequest } from './raw-request.ts';
import type { TestServer } from './test-server.ts';

/** What has no constraint to name: status and error, or the whole output. */
const outcome = (reply: RawReply): unknown => (reply.status === 200 ? reply.body : errorOf(reply));

/**
 * The first of the three parts of an operation's tests, made from its shape: wrong types at every place, unknown and
 * null members, and bodies that are no JSON object. `input` must be one that changes nothing, or fails in doing so.
 */
export function describeSerialization(operation: OperationName, server: () => TestServer): void {
  const shape = operations[operation].input as StructureShape;
  describe('serialization', () => {
    const send = (body: unknown) => rawRequest(server(), operation, body);

    test('a value of another type is a SerializationException, wherever it stands', async () => {
      for (const [place, body] of wrongTypes(shape)) {
        const reply = await send(body);
        expect(`${place}: ${errorOf(reply)}`).toBe(`${place}: SerializationException`);
        expect(reply.status).toBe(400);
      }
    });

    test('a body that is no JSON object is a SerializationException', async () => {
      const bodies = [
        '{',
        '[]',
        '""',
        '1',
        'null',
        'true',
        "{'a': 1}",
        '{"a":1}}',
        '\ufeff\ufeff{}',
        '[['.repeat(50_000),
      ];
      for (const body of [...bodies, Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)]) {
        expect(errorOf(await send(body)), String(body).slice(0, 20)).toBe('SerializationException');
      }
    });

    test('an empty body, white space, unknown members and null members are all {}', async () => {
      const expected = outcome(await send('{}'));
      const nulls = Object.fromEntries(Object.keys(membersOf(shape)).map((name) => [name, null]));
      const unknown = '{"__proto__":{"maxResults":0},"unknown":[{"deep":[null]}],"constructor":1}';
      for (const body of ['', ' \n', nulls, unknown]) expect(outcome(await send(body))).toEqual(expected);
    });
  });
}

/** Values of another type for every place of a shape, each alone in an otherwise empty input. */
function wrongTypes(shape: Shape, place = ''): [place: string, value: unknown][] {
  switch (shape.type) {
    case 'string':
    case 'enum':
      return [1, true, {}, [], '\ud800'].map((value) => [place, value]);
    case 'integer':
    case 'long':
      return ['1', 1.5, true, {}, [], 2 ** 53].map((value) => [place, value]);
    case 'double':
    case 'timestamp':
      return ['1', '2015-01-01T00:00:00Z', true, {}, []].map((value) => [place, value]);
    case 'boolean':
      return [0, 'true', {}, []].map((value) => [place, value]);
    case 'list': {
      const own = ['a', 1, {}].map((value): [string, unknown] => [place, value]);
      const nullElement: [string, unknown] = [`${place}[0] null`, [null]];
      return [
        ...own,
        nullElement,
        ...wrongTypes(elementOf(shape), `${place}[0]`).map(([at, value]): [string, unknown] => [at, [value]]),
      ];
    }
    case 'structure': {
      const own = place ? ['a', 1, []].map((value): [string, unknown] => [place, value]) : [];
      const members = Object.entries(membersOf(shape)).flatMap(([name, member]) =>
        wrongTypes(member, place ? `${place}.${name}` : name).map(([at, value]): [string, unknown] => [
          at,
          { [name]: value },
        ]),
      );
      return [...own, ...members];
    }
    default:
      return [];
  }
}
