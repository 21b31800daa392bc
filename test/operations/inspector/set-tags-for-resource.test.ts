import { ListTagsForResourceCommand, SetTagsForResourceCommand, type Tag } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let [template, other] = ['', ''];
beforeAll(async () => {
  const target = await createTarget(server().client());
  [template, other] = [
    await createTemplate(server().client(), target),
    await createTemplate(server().client(), target),
  ];
});
const set = (tags?: Tag[]) =>
  server()
    .client()
    .send(new SetTagsForResourceCommand({ resourceArn: template, ...(tags ? { tags } : {}) }));
const tagsOf = async (resourceArn = template) =>
  (await server().client().send(new ListTagsForResourceCommand({ resourceArn }))).tags;

describeSerialization('SetTagsForResource', server);

describe('validation', () => {
  testReferences({
    operation: 'SetTagsForResource',
    kind: 'template',
    server,
    own: () => template,
    input: (resourceArn) => ({ resourceArn, tags: [{ key: 'a' }] }),
    invalid: 'INVALID_RESOURCE_ARN',
  });
  test.each([
    [
      'a key twice',
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
      'INVALID_TAG_KEY',
    ],
    ['a key of AWS’s own', [{ key: 'aws:x' }], 'INVALID_TAG_KEY'],
    ['a key of AWS’s own in capitals', [{ key: 'AWS:x' }], 'INVALID_TAG_KEY'],
    ['an eleventh tag', Array.from({ length: 11 }, (_, at) => ({ key: `k${at}` })), 'INVALID_NUMBER_OF_TAGS'],
  ])('%s is refused and changes nothing', async (_name, tags, code) => {
    await set([{ key: 'before' }]);
    const reply = await rawRequest(server(), 'SetTagsForResource', { resourceArn: template, tags });
    expect(errorOf(reply)).toBe(`InvalidInputException ${code}`);
    expect(await tagsOf()).toEqual([{ key: 'before' }]);
  });
});

describe('behaviour', () => {
  test('the whole set is replaced, as it was given', async () => {
    await set([{ key: 'Name', value: 'web' }, { key: 'name', value: 'db' }, { key: 'без значения 😀' }]);
    expect(await tagsOf()).toEqual([
      { key: 'Name', value: 'web' },
      { key: 'name', value: 'db' },
      { key: 'без значения 😀' },
    ]);
    await set([{ key: 'only' }]);
    expect(await tagsOf()).toEqual([{ key: 'only' }]);
    expect(await tagsOf(other)).toEqual([]);
  });
  test('ten tags are taken; none, and no list, take all away', async () => {
    const ten = Array.from({ length: 10 }, (_, at) => ({ key: `key ${at}`, value: 'v' }));
    await set(ten);
    expect(await tagsOf()).toEqual(ten);
    await set([]);
    expect(await tagsOf()).toEqual([]);
    await set(ten);
    await set();
    expect(await tagsOf()).toEqual([]);
  });
  test('answers {}', async () => {
    expect((await rawRequest(server(), 'SetTagsForResource', { resourceArn: template })).text).toBe('{}');
  });
});
