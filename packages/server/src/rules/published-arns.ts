import { createHash } from 'node:crypto';
import { partitionOf } from '@assay/model/arn.ts';

/** The published names of the rules packages. */
export const packageNames = [
  'Common Vulnerabilities and Exposures',
  'CIS Operating System Security Configuration Benchmarks',
  'Network Reachability',
  'Security Best Practices',
] as const;
export type PackageName = (typeof packageNames)[number];

/** A region's owning account and the ids of its packages, in the order of {@link packageNames}; null where it has none. */
type Published = readonly [account: string, ...ids: (string | null)[]];

/** Source: the user guide's "Rules package ARNs". */
const published: Readonly<Record<string, Published>> = {
  'us-east-2': ['646659390643', '0-JnA8Zp85', '0-m8r61nnh', '0-cE4kTR30', '0-AxKmMHPX'],
  'us-east-1': ['316112463485', '0-gEjTy7T7', '0-rExsr2X8', '0-PmNV0Tcd', '0-R01qwB5Q'],
  'us-west-1': ['166987590008', '0-TKgzoVOa', '0-xUY8iRqX', '0-TxmXimXF', '0-byoQRFYm'],
  'us-west-2': ['758058086616', '0-9hgA516p', '0-H5hpSawc', '0-rD1z6dpl', '0-JJOtZiqQ'],
  'ap-south-1': ['162588757376', '0-LqnJE9dO', '0-PSUlX14m', '0-YxKfjFu1', '0-fs0IZZBj'],
  'ap-northeast-2': ['526946625049', '0-PoGHMznc', '0-T9srhg1z', '0-s3OmLzhL', '0-2WRpmi4n'],
  'ap-southeast-2': ['454640832652', '0-D5TGAxiR', '0-Vkd2Vxjq', '0-FLcuV4Gz', '0-asL6HRgN'],
  'ap-northeast-1': ['406045910587', '0-gHP9oWNT', '0-7WNjqgGu', '0-YI95DVd7', '0-bBUQnxMq'],
  'eu-central-1': ['537503971621', '0-wNqHa8M9', '0-nZrAVuv8', '0-6yunpJ91', '0-ZujVHEPB'],
  'eu-west-1': ['357557129151', '0-ubA5XvBh', '0-sJBhCr0F', '0-SPzU33xe', '0-SnojL3Z6'],
  'eu-west-2': ['146838936955', '0-kZGCqcE1', '0-IeCjwf1W', '0-AizSYyNq', '0-XApUiSaP'],
  'eu-north-1': ['453420244670', '0-IgdgIewd', '0-Yn8jlX7f', '0-52Sn74uu', '0-HfBQSbSf'],
  'us-gov-east-1': ['206278770380', '0-3IFKFuOb', '0-pTLCdIww', null, '0-vlgEGcVD'],
  'us-gov-west-1': ['850862329162', '0-4oQgcI4G', '0-Ac4CFOuc', null, '0-rOTGqe5G'],
};

/** The account that owns the packages of regions without a published one. */
const DERIVED_ACCOUNT = '000000000000';

/** The rules package ARNs of a region by name: the published ones, else ids derived from region and name. */
export function rulesPackageArns(region: string): ReadonlyMap<PackageName, string> {
  const [account, ...ids] = published[region] ?? derived(region);
  const prefix = `arn:${partitionOf(region)}:inspector:${region}:${account}:rulespackage/`;
  return new Map(packageNames.flatMap((name, index) => (ids[index] ? [[name, prefix + ids[index]] as const] : [])));
}

function derived(region: string): Published {
  const id = (name: string) =>
    `0-${createHash('sha256').update(`${region}\n${name}`).digest('base64').replaceAll(/[+/=]/g, '').slice(0, 8)}`;
  return [DERIVED_ACCOUNT, ...packageNames.map(id)];
}
