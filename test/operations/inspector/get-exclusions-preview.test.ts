import { evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { addHost, createTarget, createTemplate, given, idsOf, scopeOf, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { newDataDirectory, removeStore } from '../../support/test-store.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const token = '01234567-89ab-cdef-0123-456789abcdef';
const otherToken = '11234567-89ab-cdef-0123-456789abcdef';
let [template, other] = ['', ''];
beforeAll(async () => {
  const client = server().client();
  const target = await createTarget(client);
  [template, other] = [await createTemplate(client, target), await createTemplate(client, target)];
  await addPreview(token, template, 5);
  await addPreview(otherToken, template, 120);
});
async function addPreview(previewToken: string, templateArn: string, count: number): Promise<void> {
  const { exclusionPreviews } = server().service.store;
  const scope = await scopeOf(server());
  const texts = { description: 'd', recommendation: 'r', attributes: [] };
  const scopes = [{ key: 'INSTANCE_ID' as const, value: 'i-1' }];
  await exclusionPreviews.insert(scope, previewToken, given(idsOf(templateArn)[1]), Date.now());
  await exclusionPreviews.complete(
    scope,
    previewToken,
    Array.from({ length: count }, (_, at) => ({ title: `title ${at}`, ...texts, scopes })),
  );
}
const get = (more: object = {}) =>
  rawRequest(server(), 'GetExclusionsPreview', { assessmentTemplateArn: template, previewToken: token, ...more });

describeSerialization('GetExclusionsPreview', server);

describe('validation', () => {
  testReferences({
    operation: 'GetExclusionsPreview',
    kind: 'template',
    server,
    own: () => template,
    input: (assessmentTemplateArn) => ({ assessmentTemplateArn, previewToken: token }),
  });
  testPages({
    operation: 'GetExclusionsPreview',
    items: 'exclusionPreviews',
    server,
    input: () => ({ assessmentTemplateArn: template, previewToken: token }),
    otherInput: () => ({ assessmentTemplateArn: template, previewToken: otherToken }),
  });
  test('a token that there is not, or of another template, is INVALID_ATTRIBUTE', async () => {
    const none = await get({ previewToken: token.replace('0', 'f') });
    expect(errorOf(none)).toBe('InvalidInputException INVALID_ATTRIBUTE');
    expect(errorOf(await get({ assessmentTemplateArn: other }))).toBe('InvalidInputException INVALID_ATTRIBUTE');
  });
});

describe('behaviour', () => {
  test('a hundred a page unless asked otherwise, each in the API’s members', async () => {
    const first = await get({ previewToken: otherToken, locale: 'EN_US' });
    expect(first.body.exclusionPreviews).toHaveLength(100);
    const second = await get({ previewToken: otherToken, locale: 'EN_US', nextToken: first.body.nextToken });
    expect(second.body.exclusionPreviews).toHaveLength(20);
    expect(second.body).not.toHaveProperty('nextToken');
    expect((await get({ maxResults: 1 })).body.exclusionPreviews).toEqual([
      {
        title: 'title 0',
        description: 'd',
        recommendation: 'r',
        scopes: [{ key: 'INSTANCE_ID', value: 'i-1' }],
        attributes: [],
      },
    ]);
  });
  test('it goes with its template', async () => {
    const mortal = await createTemplate(server().client(), template.replace(/\/template\/.*/, ''));
    const previewToken = token.replace('0', '9');
    await addPreview(previewToken, mortal, 1);
    expect((await get({ assessmentTemplateArn: mortal, previewToken })).status).toBe(200);
    await rawRequest(server(), 'DeleteAssessmentTemplate', { assessmentTemplateArn: mortal });
    const gone = await get({ assessmentTemplateArn: mortal, previewToken });
    expect(errorOf(gone)).toBe('NoSuchEntityException ASSESSMENT_TEMPLATE_DOES_NOT_EXIST');
    const { exclusionPreviews } = server().service.store;
    expect(await exclusionPreviews.find(await scopeOf(server()), previewToken)).toBeUndefined();
  });
});

/** Asks until the preview is there. */
async function completed(at: TestServer, assessmentTemplateArn: string, previewToken: unknown): Promise<string[]> {
  for (;;) {
    const { body } = await rawRequest(at, 'GetExclusionsPreview', { assessmentTemplateArn, previewToken });
    if (body.previewStatus === 'COMPLETED') {
      return (body.exclusionPreviews as { title: string }[]).map(({ title }) => title);
    }
    expect(body).toEqual({ previewStatus: 'WORK_IN_PROGRESS' });
  }
}

test('a server that is stopped in between works it out when it comes back; that of a template that went is forgotten', async () => {
  const directory = newDataDirectory();
  try {
    const before = await startTestServer({ directory, jobs: false });
    const target = await createTarget(before.client());
    const [kept, gone] = [await createTemplate(before.client(), target), await createTemplate(before.client(), target)];
    const create = (assessmentTemplateArn: string) =>
      rawRequest(before, 'CreateExclusionsPreview', { assessmentTemplateArn });
    const { previewToken } = (await create(kept)).body;
    await create(gone);
    await rawRequest(before, 'DeleteAssessmentTemplate', { assessmentTemplateArn: gone });
    await before.stop({ keep: true });

    const after = await startTestServer({ directory });
    const titles = await completed(after, kept, previewToken);
    expect(titles).toContain('No instances in assessment target');
    const again = await rawRequest(after, 'CreateExclusionsPreview', { assessmentTemplateArn: kept });
    expect(await completed(after, kept, again.body.previewToken)).toEqual(titles);
    await after.stop();
  } finally {
    await removeStore(directory);
  }
});

test('it says what a run would: silent hosts, hosts in another run, and that now, not when the template was made', async () => {
  const at = await startTestServer();
  try {
    const target = await createTarget(at.client());
    const template = await createTemplate(at.client(), target);
    const preview = async (): Promise<string[]> => {
      const { body } = await rawRequest(at, 'CreateExclusionsPreview', { assessmentTemplateArn: template });
      return completed(at, template, body.previewToken);
    };
    expect(await preview()).toContain('No instances in assessment target');
    await addHost(at, { collects: Object.keys(evidenceKinds) });
    await addHost(at, {
      hostname: 'silent.example',
      collects: Object.keys(evidenceKinds),
      seenAt: Date.now() - 600_000,
    });
    const silent = await preview();
    expect(silent).not.toContain('No instances in assessment target');
    expect(silent.filter((title) => title === 'Agent is unhealthy')).toHaveLength(1);
    await addHost(at, { hostname: 'older.example', collects: ['osRelease', 'interfaces'] });
    expect((await preview()).filter((title) => !silent.includes(title))).toEqual([
      'Rules evaluation error for single instance',
    ]);
    silent.push('Rules evaluation error for single instance');
    const run = await startRun(at.client(), template);
    expect(await preview()).toContain('Agent is already running an assessment');
    await rawRequest(at, 'StopAssessmentRun', { assessmentRunArn: run, stopAction: 'SKIP_EVALUATION' });
    expect(await preview()).toEqual(silent);
  } finally {
    await at.stop();
  }
});
