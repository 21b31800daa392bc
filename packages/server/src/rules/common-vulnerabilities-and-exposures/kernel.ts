import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import type { Release } from './release.ts';

export type InstalledPackage = EvidenceData<'packages'>['databases'][number]['packages'][number];

/** What a package has to do with the kernel: nothing, an image of it, or built with it and running nothing of it. */
export type KernelPart =
  | { readonly part: 'NONE' | 'BESIDE' }
  | { readonly part: 'IMAGE'; readonly runs: (uname: string) => boolean };

const none: KernelPart = { part: 'NONE' };
const beside: KernelPart = { part: 'BESIDE' };

/** The name under which the advisories have a kernel's source: what is signed is built from it. */
export function kernelSource(source: string, release: Release): string {
  if (release.key.startsWith('debian:')) {
    const [, branch] = /^linux-signed(-\d+\.\d+)?-(?:amd64|arm64|armhf|i386)$/.exec(source) ?? [];
    return source.startsWith('linux-signed-') ? `linux${branch ?? ''}` : source;
  }
  return release.manager === 'dpkg' ? source.replace(/^linux-(?:signed|meta)(?=-|$)/, 'linux') : source;
}

/**
 * The sources of kernels among installed packages, by what is made of them: a flavour that no list has is known by its
 * image, headers or modules. Names are normalised ({@link kernelSource}).
 */
export function kernelSourcesOf(packages: readonly InstalledPackage[], release: Release): ReadonlySet<string> {
  const sources = new Set<string>();
  if (release.manager !== 'dpkg') return sources;
  for (const { name, sourceName = name } of packages) {
    const source = kernelSource(sourceName, release);
    if (debSource.test(source) || (/^linux(?:-|$)/.test(source) && debBuild.test(name))) sources.add(source);
  }
  return sources;
}

/**
 * Programs that are built from the kernel's source. Its records do not say whether they are about them; headers,
 * documentation and metapackages hold nothing that runs.
 */
export const isKernelTool = (name: string): boolean =>
  /^(?:linux-perf|linux-(?:cloud-)?tools|linux-cpupower|libcpupower|perf|bpftool|usbip|hyperv-daemons|rtla|intel-sdsi|kernel-tools|python3-perf|lib(?:perf|traceevent))(?:[-.\d]|$)/.test(
    name,
  );

/** By the name of the package and of its (normalised) source; `sources` are those of kernels. */
export function kernelPart(
  { name, version, architecture = '' }: InstalledPackage,
  source: string,
  release: Release,
  sources: ReadonlySet<string>,
): KernelPart {
  switch (release.manager) {
    case 'dpkg': {
      if (!sources.has(source)) return none;
      const [, image] = /^linux-image-(?:unsigned-)?(\d.*?)(?:-unsigned)?$/.exec(name) ?? [];
      if (image === undefined || /-dbg(?:sym)?$/.test(image)) return beside;
      return { part: 'IMAGE', runs: (uname) => uname === image };
    }
    case 'apk': {
      const [, flavour, rest] = apkKernel.exec(name) ?? [];
      if (flavour === undefined) return none;
      if (rest !== undefined) return beside;
      const running = `${version.replace(/-r(\d+)$/, '-$1')}-${flavour}`;
      return { part: 'IMAGE', runs: (uname) => uname === running };
    }
    case 'rpm': {
      if (!/^kernel(?:$|[-\d])/.test(source) || /^kernel-(?:srpm|rpm)-macros$/.test(source)) return none;
      if (!rpmImage.test(name)) return beside;
      const build = version.replace(/^\d+:/, '');
      if (release.names === 'SOURCE_WITH_BINARIES') {
        const [, flavour = 'default'] = /^kernel-([a-z0-9]+)/.exec(name) ?? [];
        const running = `${build.replace(/\.[^.-]*$/, '')}-${flavour}`;
        return { part: 'IMAGE', runs: (uname) => uname === running };
      }
      if (architecture === '') return { part: 'IMAGE', runs: (uname) => uname.startsWith(`${build}.`) };
      const running = `${build}.${architecture}`;
      return { part: 'IMAGE', runs: (uname) => uname === running || uname.startsWith(`${running}+`) };
    }
  }
}

/** `linux`, Debian's `linux-6.1`, and the metapackages that only depend on images. */
const debSource = /^linux(?:-(?:meta|latest|\d+\.\d+)(?:-.*)?)?$/;
/** What is built of a kernel's source alone, with its release in the name. */
const debBuild =
  /^linux-(?:image|headers|modules|modules-extra|buildinfo|tools|cloud-tools|kbuild|config)-(?:unsigned-)?\d/;
const apkKernel = /^linux-(lts|virt|stable|edge|vanilla|hardened|grsec|asahi|elm|gru|rpi[0-9]?|octeon)(-.+)?$/;
/** The image and its modules, of any variant: not headers, tools, documentation, sources or live patches. */
const rpmImage =
  /^kernel(?:\d[\d.]*)?(?:-(?:default|azure|rt|64k|64kb|debug|preempt|vanilla|kvmsmall|uki-virt|uek|lts))*(?:-(?:core|base|extra|optional|modules(?:-(?:core|extra|internal|partner))?))?$/;
