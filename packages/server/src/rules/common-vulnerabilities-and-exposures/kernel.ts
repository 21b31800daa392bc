import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import type { Release } from './ecosystems.ts';

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

/** By the name of the package and of its (normalised) source. */
export function kernelPart(
  { name, version, architecture = '' }: InstalledPackage,
  source: string,
  release: Release,
): KernelPart {
  switch (release.manager) {
    case 'dpkg': {
      if (!debSource.test(source)) return none;
      const [, image] = /^linux-image-(?:unsigned-)?(\d.*)$/.exec(name) ?? [];
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
      const running = `${build}.${architecture}`;
      return { part: 'IMAGE', runs: (uname) => uname === running || uname.startsWith(`${running}+`) };
    }
  }
}

const ubuntuFlavours =
  'aws|azure|bluefield|fips|gcp|gke|gkeop|hwe|ibm|intel|intel-iotg|iot|kvm|laptop|lowlatency|nvidia|oem|oracle|qcm|raspi|raspi2|realtime|riscv|snapdragon|starfive|xilinx';
/** `linux`, Debian's `linux-6.1`, Ubuntu's `linux-aws-6.8`, and the metapackages that only depend on images. */
const debSource = new RegExp(`^linux(?:-(?:meta|latest|\\d+\\.\\d+|${ubuntuFlavours})(?:-.*)?)?$`);
const apkKernel = /^linux-(lts|virt|stable|edge|vanilla|hardened|grsec|asahi|elm|gru|rpi[0-9]?|octeon)(-.+)?$/;
/** The image and its modules, of any variant: not headers, tools, documentation, sources or live patches. */
const rpmImage =
  /^kernel(?:\d[\d.]*)?(?:-(?:default|azure|rt|64k|64kb|debug|preempt|vanilla|kvmsmall|uki-virt|uek|lts))*(?:-(?:core|base|extra|optional|modules(?:-(?:core|extra|internal|partner))?))?$/;
