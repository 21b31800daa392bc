import { partitionOf, type Scope } from '../arn.ts';

/** What the Assay API has ARNs of, as they write it: `arn:aws:assay:REGION:ACCOUNT:host/i-0123456789abcdef0`. */
export type AssayArnKind = 'host' | 'token' | 'key' | 'schedule';

export interface AssayArn {
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  readonly kind: AssayArnKind;
  readonly id: string;
}

const PATTERN =
  /^arn:(aws(?:-[a-z]+){0,3}):assay:([a-z0-9-]{1,64}):([0-9]{12}):(host|token|key|schedule)\/([0-9A-Za-z_-]{1,128})$/;

/** Reads an ARN; undefined when it is not one of this API. */
export function parseAssayArn(text: string): AssayArn | undefined {
  const [matched, partition = '', region = '', account = '', kind, id = ''] = PATTERN.exec(text) ?? [];
  return matched === undefined ? undefined : { partition, region, account, kind: kind as AssayArnKind, id };
}

/** Access keys belong to their account in every region: they have an ARN in each. */
export const assayArn = ({ region, account }: Scope, kind: AssayArnKind, id: string): string =>
  `arn:${partitionOf(region)}:assay:${region}:${account}:${kind}/${id}`;
