import { beforeAll, describe, expect, test } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let template = '';
beforeAll(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
});
const list = () => rawRequest(server(), 'ListTagsForResource', { resourceArn: template });

describeSerialization('ListTagsForResource', server);

describe('validation', () => {
  testReferences({
    operation: 'ListTagsForResource',
    kind: 'template',
    server,
    own: () => template,
    input: (resourceArn) => ({ resourceArn }),
    invalid: 'INVALID_RESOURCE_ARN',
  });
});

describe('behaviour', () => {
  test('a new template has an empty list of tags', async () => {
    expect((await list()).body).toEqual({ tags: [] });
  });
  test('tags come in the order in which they were set, a value only where there is one', async () => {
    const tags = [{ key: 'z', value: '1' }, { key: 'a' }];
    await rawRequest(server(), 'SetTagsForResource', { resourceArn: template, tags });
    expect((await list()).text).toBe('{"tags":[{"key":"z","value":"1"},{"key":"a"}]}');
  });
});
