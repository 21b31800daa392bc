import { releaseOf } from './ecosystems.ts';

/** How systems call themselves (PRETTY_NAME of os-release), and the ID and VERSION_ID that go with it. */
const names: readonly (readonly [id: string, pattern: RegExp])[] = [
  ['debian', /^Debian(?: GNU\/Linux)? (\d+(?:\.\d+)?)\b/i],
  ['ubuntu', /^Ubuntu (\d{1,2}\.\d\d)\b/i],
  ['alpine', /^Alpine(?: Linux)? v?(\d+\.\d+)/i],
  ['almalinux', /^AlmaLinux (\d+(?:\.\d+)?)/i],
  ['rocky', /^Rocky(?: Linux)? (\d+(?:\.\d+)?)/i],
  ['rhel', /^Red Hat Enterprise Linux\D{0,30}?(\d+(?:\.\d+)?)/i],
  ['opensuse-leap-micro', /^openSUSE Leap Micro (\d\.\d)/i],
  ['opensuse-leap', /^openSUSE Leap (\d+\.\d)/i],
  ['opensuse-tumbleweed', /^openSUSE (Tumbleweed)/i],
  ['sl-micro', /^SUSE Linux (?:Enterprise )?Micro (\d\.\d)/i],
  ['sles', /^SUSE Linux Enterprise\D{0,40}?(\d\d(?:[ .](?:SP)?\d)?)/i],
  ['wolfi', /^(Wolfi)\b/i],
  ['chainguard', /^(Chainguard)\b/i],
  ['azurelinux', /^(?:Microsoft )?Azure Linux (\d\.\d)/i],
  // These two do not name their version.
  ['mariner', /^(CBL-Mariner)\b/i],
  ['photon', /^VMware (Photon) OS\b/i],
  ['openeuler', /^(openEuler \d\d\.\d\d(?: \([\w-]+\))?)/i],
  ['amzn', /^Amazon Linux(?: AMI)? (20\d\d(?:\.\d\d)?|2)\b/i],
];

/** Ecosystems of those that build the same sources, beside a release's own: what one forgot the other may know. */
const siblings: Readonly<Record<string, (major: string) => readonly string[]>> = {
  AlmaLinux: (major) => [`Rocky Linux:${major}`, `Red Hat:enterprise_linux:${major}`, `Oracle Linux:${major}`],
  'Rocky Linux': (major) => [`AlmaLinux:${major}`, `Red Hat:enterprise_linux:${major}`, `Oracle Linux:${major}`],
};

/**
 * The ecosystems that hosts of a system are evaluated by, each whole or with all below it, and those that tell what its
 * feed forgot. Nothing for a system that no advisories are read for. `operatingSystem` is what an agent reports.
 */
export function wantedEcosystems(operatingSystem: string): { own: readonly string[]; siblings: readonly string[] } {
  const none = { own: [], siblings: [] };
  for (const [id, pattern] of names) {
    const versionId = pattern.exec(operatingSystem)?.[1]?.replace(/[ .]SP/i, '.');
    if (versionId === undefined) continue;
    if (id === 'photon') return { own: ['Photon OS'], siblings: [] };
    const version = id === 'opensuse-tumbleweed' ? '20260101' : id === 'mariner' ? '2.0' : versionId;
    const release = releaseOf({ id, versionId: version, idLike: [], hostname: '', architecture: '' });
    if ('reason' in release) return none;
    const { ecosystem } = release;
    const [base = '', major = ''] = ecosystem.split(':');
    // A release of these is spread over many ecosystems, and Ubuntu's builds that count apart are under Pro.
    if (base === 'Red Hat' || (base === 'SUSE' && ecosystem.includes('*'))) return { own: [base], siblings: [] };
    if (base === 'Ubuntu') return { own: [ecosystem, 'Ubuntu:Pro'], siblings: [] };
    return { own: [ecosystem], siblings: siblings[base]?.(major) ?? [] };
  }
  return none;
}
