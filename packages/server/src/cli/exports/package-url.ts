import type { ExportedHost, ExportedPackage } from './exported.ts';

/** How systems call themselves, and the type and namespace of their packages. Source: the purl specification's types. */
const systems: readonly (readonly [pattern: RegExp, type: 'deb' | 'rpm' | 'apk', namespace: string])[] = [
  [/^Debian(?: GNU\/Linux)? ([\d.]+)/i, 'deb', 'debian'],
  [/^Ubuntu ([\d.]+)/i, 'deb', 'ubuntu'],
  [/^Alpine(?: Linux)? v?([\d.]+)/i, 'apk', 'alpine'],
  [/^AlmaLinux ([\d.]+)/i, 'rpm', 'almalinux'],
  [/^Rocky(?: Linux)? ([\d.]+)/i, 'rpm', 'rocky'],
  [/^Red Hat Enterprise Linux\D{0,30}?([\d.]+)/i, 'rpm', 'redhat'],
  [/^openSUSE\D{0,30}?([\d.]+)?/i, 'rpm', 'opensuse'],
  [/^SUSE\D{0,40}?([\d.]+)/i, 'rpm', 'suse'],
  [/^Amazon Linux(?: AMI)? ([\d.]+)/i, 'rpm', 'amzn'],
];

/** The package URL of an installed package; a generic one where the host's system is not known. */
export function packageUrl({ operatingSystem = '' }: ExportedHost, { name, installed }: ExportedPackage): string {
  const encode = encodeURIComponent;
  for (const [pattern, type, namespace] of systems) {
    const match = pattern.exec(operatingSystem);
    if (!match) continue;
    const [, epoch, version = installed] = (type === 'rpm' && /^(\d+):(.+)$/.exec(installed ?? '')) || [];
    const distro = match[1] === undefined ? '' : `distro=${namespace}-${match[1]}`;
    const qualifiers = [distro, epoch === undefined ? '' : `epoch=${epoch}`].filter(Boolean).join('&');
    const at = version === undefined ? '' : `@${encode(version)}`;
    return `pkg:${type}/${namespace}/${encode(name)}${at}${qualifiers && `?${qualifiers}`}`;
  }
  return `pkg:generic/${encode(name)}${installed === undefined ? '' : `@${encode(installed)}`}`;
}
