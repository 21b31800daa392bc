import type { ApiClient } from '../client/api-client.ts';
import { listAll } from '../client/list-all.ts';

/** The tag by which the assessment of this host finds it. */
export const thisHostTag = { key: 'Assay', value: 'this-host' } as const;

/** A user attribute of the run. */
export interface Attribute {
  readonly key: string;
  readonly value: string;
}

const TARGET = 'this-host';
const DURATION = 900;

/**
 * The template that assesses this host with these rules packages, made through the API with its resource group and
 * target where the store has none yet. Returns its ARN.
 */
export async function firstTemplate(
  client: ApiClient,
  packages: readonly string[],
  attributes: readonly Attribute[] = [],
): Promise<string> {
  const target = (await findTarget(client)) ?? (await makeTarget(client));
  const wanted = await arnsOf(client, packages);
  const existing = await templatesOf(client, target);
  const same = existing.find(({ rulesPackageArns }) => sameSet(rulesPackageArns, wanted));
  if (same && attributes.length === 0) return same.arn;
  const { assessmentTemplateArn } = await client.call('CreateAssessmentTemplate', {
    assessmentTargetArn: target,
    assessmentTemplateName: existing.length === 0 ? 'This host' : `This host (${existing.length + 1})`,
    durationInSeconds: DURATION,
    rulesPackageArns: wanted,
    userAttributesForFindings: [...attributes],
  });
  return assessmentTemplateArn;
}

async function findTarget({ call }: ApiClient): Promise<string | undefined> {
  const filter = { assessmentTargetNamePattern: TARGET };
  return (await call('ListAssessmentTargets', { filter })).assessmentTargetArns[0];
}

async function makeTarget({ call }: ApiClient): Promise<string> {
  const { resourceGroupArn } = await call('CreateResourceGroup', { resourceGroupTags: [thisHostTag] });
  const target = await call('CreateAssessmentTarget', { assessmentTargetName: TARGET, resourceGroupArn });
  return target.assessmentTargetArn;
}

async function arnsOf({ call }: ApiClient, packages: readonly string[]): Promise<string[]> {
  const { rulesPackageArns } = await call('ListRulesPackages', { maxResults: 100 });
  const { rulesPackages: described } = await call('DescribeRulesPackages', { rulesPackageArns });
  return described.filter(({ name }) => packages.includes(name)).map(({ arn }) => arn);
}

async function templatesOf({ call }: ApiClient, target: string) {
  const arns = await listAll(async (nextToken) => {
    const page = await call('ListAssessmentTemplates', { assessmentTargetArns: [target], maxResults: 500, nextToken });
    return { items: page.assessmentTemplateArns, nextToken: page.nextToken };
  });
  if (arns.length === 0) return [];
  return (await call('DescribeAssessmentTemplates', { assessmentTemplateArns: arns.slice(0, 100) }))
    .assessmentTemplates;
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each));
