import { CreateExclusionsPreviewCommand } from '@aws-sdk/client-inspector';
import { beforeEach, describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate, given, idsOf, scopeOf } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

// Without jobs a preview stays in progress.
const server = useServer({ limits: { targets: 1000, templates: 1000 } });
let template = '';
beforeEach(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
});
const create = (assessmentTemplateArn = template) =>
  rawRequest(server(), 'CreateExclusionsPreview', { assessmentTemplateArn });
const get = (previewToken: unknown, assessmentTemplateArn = template) =>
  rawRequest(server(), 'GetExclusionsPreview', { assessmentTemplateArn, previewToken });

describeSerialization('CreateExclusionsPreview', server);

describe('validation', () => {
  testReferences({
    operation: 'CreateExclusionsPreview',
    kind: 'template',
    server,
    own: () => template,
    input: (assessmentTemplateArn) => ({ assessmentTemplateArn }),
  });
});

describe('behaviour', () => {
  test('answers at once with a token, and the preview is in progress', async () => {
    const command = new CreateExclusionsPreviewCommand({ assessmentTemplateArn: template });
    const { previewToken } = await server().client().send(command);
    expect(previewToken).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await get(previewToken)).body).toEqual({ previewStatus: 'WORK_IN_PROGRESS' });
  });

  test('a second one of the template meanwhile is refused, one of another template is not', async () => {
    const first = await create();
    const second = await create();
    expect(second.status).toBe(400);
    expect(second.body).toEqual({
      __type: 'PreviewGenerationInProgressException',
      message: expect.stringMatching(/./),
    });
    const other = await createTemplate(server().client(), template.replace(/\/template\/.*/, ''));
    expect((await create(other)).status).toBe(200);
    // Once it is worked out there may be another, and both can be read.
    const { store } = server().service;
    await store.exclusionPreviews.complete(await scopeOf(server()), String(first.body.previewToken), []);
    const third = await create();
    expect(third.status).toBe(200);
    expect(third.body.previewToken).not.toBe(first.body.previewToken);
    expect((await get(first.body.previewToken)).body).toEqual({ previewStatus: 'COMPLETED', exclusionPreviews: [] });
  });

  test('of two at the same moment one is made', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => create()));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = replies.filter(({ status }) => status !== 200).map(errorOf);
    expect(new Set(refused)).toEqual(new Set(['PreviewGenerationInProgressException']));
  });

  test('forgets those of the template that are older than a day', async () => {
    const { store } = server().service;
    const scope = await scopeOf(server());
    const [, id = ''] = idsOf(template);
    const tokens = ['1', '2'].map((digit) => `${digit.repeat(8)}-1111-1111-1111-111111111111`);
    const ages = [86_400_000 + 60_000, 86_400_000 - 60_000];
    for (const [at, token] of tokens.entries()) {
      await store.exclusionPreviews.insert(scope, token, id, Date.now() - given(ages[at]));
      await store.exclusionPreviews.complete(scope, token, []);
    }
    expect((await create()).status).toBe(200);
    expect(errorOf(await get(tokens[0]))).toBe('InvalidInputException INVALID_ATTRIBUTE');
    expect((await get(tokens[1])).body.previewStatus).toBe('COMPLETED');
  });
});
