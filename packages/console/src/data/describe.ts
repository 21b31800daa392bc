import type { Output } from '@assay/model/api/operations.ts';
import { ApiFault, type Call } from '../api.ts';

/** ARNs that a server takes at once, and those that one takes which holds to the API's model (`--strict`). */
const USUAL = 100;
const STRICT = 10;
let batch = USUAL;

export type Run = Output<'DescribeAssessmentRuns'>['assessmentRuns'][number];
export type Template = Output<'DescribeAssessmentTemplates'>['assessmentTemplates'][number];
export type Target = Output<'DescribeAssessmentTargets'>['assessmentTargets'][number];
export type Finding = Output<'DescribeFindings'>['findings'][number];
export type Exclusion = NonNullable<Output<'DescribeExclusions'>['exclusions'][string]>;

/** Resources in the order of their ARNs; what was deleted in between is left out. */
export const describeRuns = (call: Call, arns: readonly string[]): Promise<Run[]> =>
  inBatches(arns, async (assessmentRunArns) =>
    inOrder(assessmentRunArns, (await call('DescribeAssessmentRuns', { assessmentRunArns })).assessmentRuns),
  );

export const describeTemplates = (call: Call, arns: readonly string[]): Promise<Template[]> =>
  inBatches(arns, async (assessmentTemplateArns) => {
    const { assessmentTemplates } = await call('DescribeAssessmentTemplates', { assessmentTemplateArns });
    return inOrder(assessmentTemplateArns, assessmentTemplates);
  });

export const describeTargets = (call: Call, arns: readonly string[]): Promise<Target[]> =>
  inBatches(arns, async (assessmentTargetArns) => {
    const { assessmentTargets } = await call('DescribeAssessmentTargets', { assessmentTargetArns });
    return inOrder(assessmentTargetArns, assessmentTargets);
  });

export const describeFindings = (call: Call, arns: readonly string[]): Promise<Finding[]> =>
  inBatches(arns, async (findingArns) =>
    inOrder(findingArns, (await call('DescribeFindings', { findingArns })).findings),
  );

export const describeExclusions = (call: Call, arns: readonly string[]): Promise<Exclusion[]> =>
  inBatches(arns, async (exclusionArns) =>
    inOrder(exclusionArns, Object.values((await call('DescribeExclusions', { exclusionArns })).exclusions)),
  );

async function inBatches<T>(arns: readonly string[], describe: (batch: string[]) => Promise<T[]>): Promise<T[]> {
  const size = batch;
  const batches: Promise<T[]>[] = [];
  for (let from = 0; from < arns.length; from += size) batches.push(describe(arns.slice(from, from + size)));
  try {
    return (await Promise.all(batches)).flat();
  } catch (fault) {
    const isTooMany = fault instanceof ApiFault && fault.type === 'InvalidInputException' && arns.length > STRICT;
    if (!isTooMany || size === STRICT) throw fault;
    batch = STRICT;
    return inBatches(arns, describe);
  }
}

function inOrder<T extends { readonly arn: string }>(
  arns: readonly string[],
  described: readonly (T | undefined)[],
): T[] {
  const byArn = new Map(described.map((item) => [item?.arn, item]));
  return arns.map((arn) => byArn.get(arn)).filter((item) => item !== undefined);
}
