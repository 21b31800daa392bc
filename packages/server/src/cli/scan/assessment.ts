import type { Output } from '@assay/model/api/operations.ts';
import { severities } from '../../domain/severity.ts';
import type { ApiClient } from '../client/api-client.ts';
import { listAll } from '../client/list-all.ts';

export type WireFinding = Output<'DescribeFindings'>['findings'][number];
export type WireExclusion = Output<'DescribeExclusions'>['exclusions'][string] & {};
export type WireRun = Output<'DescribeAssessmentRuns'>['assessmentRuns'][number];

/** A page that asks for the most, and a batch that Describe* takes. */
const PAGE = 500;
const BATCH = 100;

/** A run's findings, the most urgent first, as DescribeFindings gives them. */
export async function findingsOf({ call }: ApiClient, run: string): Promise<WireFinding[]> {
  const arns = await listAll(async (nextToken) => {
    const page = await call('ListFindings', { assessmentRunArns: [run], maxResults: PAGE, nextToken });
    return { items: page.findingArns, nextToken: page.nextToken };
  });
  const findings: WireFinding[] = [];
  for (const batch of batches(arns)) {
    findings.push(...(await call('DescribeFindings', { findingArns: batch })).findings);
  }
  return findings.sort(bySeverity);
}

const rank = ({ severity = 'Undefined' }: WireFinding): number => severities.indexOf(severity);

/** The most urgent first, then by id. */
export const bySeverity = (a: WireFinding, b: WireFinding): number =>
  rank(b) - rank(a) || compareTexts(a.id ?? '', b.id ?? '');

/** By code units: the order of a language takes as long to load as hundreds of findings to sort. */
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a run did not assess, as DescribeExclusions gives it. */
export async function exclusionsOf({ call }: ApiClient, run: string): Promise<WireExclusion[]> {
  const arns = await listAll(async (nextToken) => {
    const page = await call('ListExclusions', { assessmentRunArn: run, maxResults: PAGE, nextToken });
    return { items: page.exclusionArns, nextToken: page.nextToken };
  });
  const exclusions: WireExclusion[] = [];
  for (const batch of batches(arns)) {
    const described = (await call('DescribeExclusions', { exclusionArns: batch })).exclusions;
    exclusions.push(...batch.flatMap((arn) => described[arn] ?? []));
  }
  return exclusions;
}

const batches = (arns: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(arns.length / BATCH) }, (_, index) => arns.slice(index * BATCH, (index + 1) * BATCH));
