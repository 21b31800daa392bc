const releases: ReadonlyMap<string, string> = new Map([
  ['trusty', '14.04:LTS'],
  ['xenial', '16.04:LTS'],
  ['bionic', '18.04:LTS'],
  ['focal', '20.04:LTS'],
  ['jammy', '22.04:LTS'],
  ['noble', '24.04:LTS'],
  ['oracular', '24.10'],
  ['plucky', '25.04'],
  ['questing', '25.10'],
  ['resolute', '26.04:LTS'],
]);

/** What Canonical calls the parts of Ubuntu Pro, and what the ecosystems of OSV have between `Ubuntu:Pro` and the release. */
const pockets: ReadonlyMap<string, string> = new Map([
  ['esm', ''],
  ['esm-apps', ''],
  ['esm-apps-legacy', ''],
  ['esm-infra', ''],
  ['esm-infra-legacy', ''],
  ['fips', 'FIPS:'],
  ['fips-preview', 'FIPS-preview:'],
  ['fips-updates', 'FIPS-updates:'],
  ['realtime', 'Realtime:'],
]);

/**
 * The ecosystem of a package by the `distro` of its purl: `jammy`, `esm-infra/xenial`, and `trusty/esm` for the oldest.
 * Undefined for a release or a part that is not known.
 */
export function ubuntuEcosystem(distro: string): string | undefined {
  const [first = '', second] = distro.split('/', 2);
  const [codename, pocket] =
    second === undefined ? [first, undefined] : second === 'esm' ? [first, second] : [second, first];
  const release = releases.get(codename);
  if (release === undefined) return undefined;
  if (pocket === undefined) return `Ubuntu:${release}`;
  const part = pockets.get(pocket);
  return part === undefined ? undefined : `Ubuntu:Pro:${part}${release}`;
}
