import type { EvidenceData } from '@assay/model/evidence/kinds.ts';

export type InstalledPackage = EvidenceData<'packages'>['databases'][number]['packages'][number];

/** The installed packages of dpkg's status file. */
export function dpkgStatus(text: string): InstalledPackage[] {
  return text.split('\n\n').flatMap((stanza) => {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';
    const [name, version] = [field('Package'), field('Version')];
    const [, sourceName, sourceVersion] = /^(\S+)(?: \((.*)\))?$/.exec(field('Source')) ?? [];
    if (!name || !field('Status').endsWith(' installed')) return [];
    return [{ name, version, ...(sourceName ? { sourceName } : {}), ...(sourceVersion ? { sourceVersion } : {}) }];
  });
}

/** The packages of apk's data base of what is installed. */
export function apkInstalled(text: string): InstalledPackage[] {
  return text.split('\n\n').flatMap((stanza) => {
    const field = (letter: string): string => new RegExp(`^${letter}:(.*)$`, 'm').exec(stanza)?.[1] ?? '';
    return field('P') ? [{ name: field('P'), version: field('V'), sourceName: field('o') }] : [];
  });
}

interface Listed {
  readonly Name: string;
  readonly Epoch?: number;
  readonly Version: string;
  readonly Release: string;
  readonly Arch: string;
  readonly SrcName: string;
  readonly SrcVersion: string;
  readonly SrcRelease: string;
}

/** The packages of a JSON list whose members are named as in rpm's tags. */
export function packageList(text: string): InstalledPackage[] {
  return (JSON.parse(text) as Listed[]).map((each) => ({
    name: each.Name,
    version: `${each.Epoch ? `${each.Epoch}:` : ''}${joined(each.Version, each.Release)}`,
    ...(each.Arch ? { architecture: each.Arch } : {}),
    ...(each.SrcName ? { sourceName: each.SrcName, sourceVersion: joined(each.SrcVersion, each.SrcRelease) } : {}),
  }));
}

const joined = (version: string, release: string): string => (release ? `${version}-${release}` : version);
