import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { sharedData } from '../shared-data.ts';
import { apkInstalled, dpkgStatus, type InstalledPackage, packageList } from './installed-packages.ts';

type Manager = EvidenceData<'packages'>['databases'][number]['manager'];

/** A host of the shared data: what its os-release says, and the file in hosts/ that says what is installed. */
export interface DataHost {
  readonly file: string;
  readonly os: { readonly id: string; readonly versionId: string };
}

/** Evidence of the host as an agent would send it. */
export const dataHost = (each: DataHost): HostEvidence => evidenceOf(each, packagesOf(each));

export const packagesOf = ({ file }: DataHost): InstalledPackage[] =>
  packagesIn(file, readFileSync(join(sharedData, 'hosts', file), 'utf8'));

export const evidenceOf = (
  { os }: DataHost,
  packages: readonly InstalledPackage[],
  hostname = 'web-1',
): HostEvidence => ({
  osRelease: { ...document(), kind: 'osRelease', data: { ...os, idLike: [], hostname, architecture: 'x86_64' } },
  packages: {
    ...document(),
    kind: 'packages',
    data: { databases: [{ manager: managerOf(os.id), packages: [...packages] }], otherSoftware: [] },
  },
});

const document = () => ({ schemaVersion: 1, collectedAt: 1_700_000_000, sources: [], limitations: [] });

const managerOf = (id: string): Manager =>
  id === 'alpine' ? 'apk' : id === 'debian' || id === 'ubuntu' ? 'dpkg' : 'rpm';

const packagesIn = (file: string, text: string): InstalledPackage[] =>
  file.endsWith('.status') ? dpkgStatus(text) : file.endsWith('.json') ? packageList(text) : apkInstalled(text);

/** Of these there are the answers of a reference tool. */
export const workstation: DataHost = {
  file: 'debian12-workstation.status',
  os: { id: 'debian', versionId: '12' },
};
export const alpine: DataHost = { file: 'alpine-3.10.4.apk-installed', os: { id: 'alpine', versionId: '3.10.4' } };

/** Of these there are none. */
export const otherHosts = {
  amazon2: { file: 'amazon-2.packages.json', os: { id: 'amzn', versionId: '2' } },
  leap151: { file: 'opensuse-leap-151.packages.json', os: { id: 'opensuse-leap', versionId: '15.1' } },
  oracle8: { file: 'oraclelinux-8-slim.packages.json', os: { id: 'ol', versionId: '8.6' } },
  ubi7: { file: 'ubi-7.packages.json', os: { id: 'rhel', versionId: '7.9' } },
  ubuntu1804: { file: 'ubuntu-18.04.packages.json', os: { id: 'ubuntu', versionId: '18.04' } },
} as const satisfies Readonly<Record<string, DataHost>>;
