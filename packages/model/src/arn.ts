/**
 * ARNs of the Inspector API:
 * `arn:{partition}:inspector:{region}:{account}:` and then `resourcegroup/ID`, `target/ID`, `target/ID/template/ID`,
 * `target/ID/template/ID/run/ID`, `…/run/ID/finding/ID`, `…/run/ID/exclusion/ID` or `rulespackage/ID`.
 */
export type ArnKind = 'resourcegroup' | 'target' | 'template' | 'run' | 'finding' | 'exclusion' | 'rulespackage';

export interface Arn {
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly kind: ArnKind;
  /** The ids on the way down, the resource's own last: a run has [target, template, run]. */
  readonly ids: readonly string[];
}

/** What every ARN of one account and region begins with. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

const ID = '[0-9]-[0-9A-Za-z]{8}';
const PATTERN = new RegExp(
  `^arn:(aws(?:-[a-z]+){0,3}):inspector:([a-z0-9-]{1,64}):([0-9]{12}):(?:` +
    `(resourcegroup|rulespackage)/(${ID})` +
    `|target/(${ID})(?:/template/(${ID})(?:/run/(${ID})(?:/(finding|exclusion)/(${ID}))?)?)?)$`,
);

/** Reads an ARN; undefined when it is not one of this API. */
export function parseArn(text: string): Arn | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, partition = '', region = '', account = '', flat, flatId = '', ...nested] = match;
  const [target, template, run, leaf, leafId] = nested as (string | undefined)[];
  const base = { partition, region, account };
  if (flat) return { ...base, kind: flat as ArnKind, ids: [flatId] };
  const ids = [target, template, run, leafId].filter((id) => id !== undefined);
  const kind = (leaf as ArnKind | undefined) ?? (['target', 'template', 'run'] as const)[ids.length - 1];
  return kind && { ...base, kind, ids };
}

/** The partition that a region belongs to. Source: AWS's published partitions. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

const arn = (scope: Scope, resource: string): string =>
  `arn:${partitionOf(scope.region)}:inspector:${scope.region}:${scope.account}:${resource}`;

export const resourceGroupArn = (scope: Scope, id: string): string => arn(scope, `resourcegroup/${id}`);
export const rulesPackageArn = (scope: Scope, id: string): string => arn(scope, `rulespackage/${id}`);
export const targetArn = (scope: Scope, target: string): string => arn(scope, `target/${target}`);
export const templateArn = (scope: Scope, target: string, template: string): string =>
  arn(scope, `target/${target}/template/${template}`);
export const runArn = (scope: Scope, target: string, template: string, run: string): string =>
  arn(scope, `target/${target}/template/${template}/run/${run}`);
export const findingArn = (scope: Scope, target: string, template: string, run: string, finding: string): string =>
  arn(scope, `target/${target}/template/${template}/run/${run}/finding/${finding}`);
export const exclusionArn = (scope: Scope, target: string, template: string, run: string, exclusion: string): string =>
  arn(scope, `target/${target}/template/${template}/run/${run}/exclusion/${exclusion}`);
