import type { OperationName } from '@assay/model/api/operations.ts';
import { addFullRun } from './full-run.ts';
import { rawRequest } from './raw-request.ts';
import { addHost, createTarget, createTemplate, given, idsOf, scopeOf } from './scenario.ts';
import type { TestServer } from './test-server.ts';

/** Every operation that answers page by page, and the member with its items. */
export const listItems = {
  GetExclusionsPreview: 'exclusionPreviews',
  ListAssessmentRunAgents: 'assessmentRunAgents',
  ListAssessmentRuns: 'assessmentRunArns',
  ListAssessmentTargets: 'assessmentTargetArns',
  ListAssessmentTemplates: 'assessmentTemplateArns',
  ListEventSubscriptions: 'subscriptions',
  ListExclusions: 'exclusionArns',
  ListFindings: 'findingArns',
  ListRulesPackages: 'rulesPackageArns',
  PreviewAgents: 'agentPreviews',
} as const satisfies Partial<Record<OperationName, string>>;

export type ListName = keyof typeof listItems;
export const listNames = Object.keys(listItems) as ListName[];

export interface EveryList {
  readonly template: string;
  readonly run: string;
  /** What asks for at least three items of each list. */
  readonly inputs: Readonly<Record<ListName, Readonly<Record<string, string>>>>;
  /** The names of the items in their order, as one page of 500 gives them. */
  readonly expected: Readonly<Record<ListName, readonly string[]>>;
}

/** What tells an item from the others of its list. */
export const itemName = (item: unknown): string => {
  if (typeof item === 'string') return item;
  const { agentId, topicArn, title } = item as Readonly<Record<string, string | undefined>>;
  return given(agentId ?? topicArn ?? title);
};

/** Something in every list, in us-east-1: three to five items each. */
export async function addEveryList(server: TestServer): Promise<EveryList> {
  const { store } = server.service;
  const client = server.client();
  const scope = await scopeOf(server);
  const target = await createTarget(client);
  for (let more = 0; more < 2; more++) await createTarget(client);
  const template = await createTemplate(client, target);
  for (let more = 0; more < 3; more++) await createTemplate(client, target);
  const { run } = await addFullRun(server, template, 'of every list');
  for (const name of ['second', 'third', 'fourth']) await addFullRun(server, template, name);
  const hosts = [await addHost(server), await addHost(server), await addHost(server)];
  const [, templateId = '', runId = ''] = idsOf(run);
  await store.runAgents.insertMany(
    scope,
    runId,
    hosts.map(({ id }) => id),
  );
  await store.runAgents.release(scope, runId);
  for (const topic of ['one', 'two', 'three']) {
    const topicArn = `arn:aws:sns:us-east-1:123456789012:${topic}`;
    const reply = await rawRequest(server, 'SubscribeToEvent', { resourceArn: template, event: 'OTHER', topicArn });
    if (reply.status !== 200) throw new Error(reply.text);
  }
  const previewToken = '01234567-89ab-cdef-0123-456789abcdef';
  await store.exclusionPreviews.insert(scope, previewToken, templateId, Date.now());
  const texts = { description: 'd', recommendation: 'r', scopes: [], attributes: [] };
  await store.exclusionPreviews.complete(
    scope,
    previewToken,
    [1, 2, 3, 4, 5].map((at) => ({ title: `title ${at}`, ...texts })),
  );

  const inputs: EveryList['inputs'] = {
    GetExclusionsPreview: { assessmentTemplateArn: template, previewToken },
    ListAssessmentRunAgents: { assessmentRunArn: run },
    ListAssessmentRuns: {},
    ListAssessmentTargets: {},
    ListAssessmentTemplates: {},
    ListEventSubscriptions: { resourceArn: template },
    ListExclusions: { assessmentRunArn: run },
    ListFindings: {},
    ListRulesPackages: {},
    PreviewAgents: { previewAgentsArn: target },
  };
  const expected = await Promise.all(
    listNames.map(async (operation): Promise<[ListName, readonly string[]]> => {
      const { body } = await rawRequest(server, operation, { ...inputs[operation], maxResults: 500 });
      const names = (body[listItems[operation]] as unknown[]).map(itemName);
      if (names.length < 3) throw new Error(`${operation} has ${names.length} items only`);
      return [operation, names];
    }),
  );
  return { template, run, inputs, expected: Object.fromEntries(expected) as EveryList['expected'] };
}
