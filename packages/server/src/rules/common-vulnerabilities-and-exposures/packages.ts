import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Advisories } from '../../domain/advisories.ts';
import { ecosystemsOf } from './covered-ecosystems.ts';
import { type InstalledPackage, type KernelPart, kernelPart, kernelSource, kernelSourcesOf } from './kernel.ts';
import { type Streams, streamsOf } from './red-hat-streams.ts';
import type { BuildLine, Release } from './release.ts';
import { maintainersOf, type Origins, provenanceOf } from './third-party.ts';
import { enumerate } from './wording.ts';

/** What the advisories are asked for: one package name and the version that is compared. */
export interface Lookup {
  readonly name: string;
  readonly version: string;
  /** False for an rpm source whose epoch no installed package tells. */
  readonly epochKnown: boolean;
  /** `nodejs:18` of a package that says from which module stream it is, null of one that is from a module and does not. */
  readonly stream?: string | null;
  /** Of one that does not say: the module streams that the host has enabled, where it tells. */
  readonly enabledStreams?: readonly string[];
  /** Of a build that counts its versions apart from the distribution's ordinary ones. */
  readonly line?: BuildLine['name'];
  /** Where records may name its source too, which is compared by its own version. */
  readonly source?: Pick<Lookup, 'name' | 'version' | 'epochKnown'>;
  /** The extras of Amazon Linux 2 that the host has enabled, in lower case; absent where it does not say or has none. */
  readonly topics?: readonly string[];
  /** Where the records have fixed versions of binary packages. */
  readonly binary?: { readonly name: string; readonly version: string };
}

export interface Subject {
  readonly name: string;
  /** As the advisories have it: `linux` for what is built from linux-signed-amd64. */
  readonly sourceName: string;
  readonly installedVersion: string;
  readonly lookup: Lookup;
  /** Of a kernel image, whether it is the one that runs. */
  readonly kernel?: 'RUNNING' | 'OTHER' | 'UNKNOWN';
  /** Why advisories cannot or need not be applied to it; such a package takes no part. */
  readonly aside?: { readonly why: 'FOREIGN' | 'UNCERTAIN' | 'INVALID' | 'BESIDE_KERNEL'; readonly reason: string };
}

export interface Inventory {
  readonly subjects: readonly Subject[];
  /** What is said of the kernel as a whole. */
  readonly kernel: { readonly outcome: 'PASSED' | 'NOT_APPLICABLE' | 'NOT_ASSESSED'; readonly text: string };
  /** Packages of data bases that are not the distribution's own. */
  readonly others: readonly { readonly manager: string; readonly count: number }[];
  /** True when an installed version shows that the host gets the fixes for subscribers. */
  readonly subscribed: boolean;
  /** Of Red Hat Enterprise Linux: the update streams that the host gets. */
  readonly streams?: Streams;
}

/** Every installed package in the advisories' terms, in the order of names and versions; undefined without evidence. */
export function inventoryOf(
  evidence: HostEvidence,
  release: Release,
  advisories: Advisories | undefined,
): Inventory | undefined {
  const databases = evidence.packages?.data?.databases;
  if (!databases) return undefined;
  const own = databases.find(({ manager }) => manager === release.manager);
  const packages = own?.packages ?? [];
  const epochs: Host['epochs'] = release.manager === 'rpm' ? sourceEpochs(packages) : new Map();
  const container = evidence.osRelease?.data?.container;
  // A container sees its host's kernel: no image installed in it ever runs.
  const running = container === undefined ? evidence.kernel?.data?.release : undefined;
  const kernels = kernelSourcesOf(packages, release);
  const covers = (line: BuildLine): boolean => advisories !== undefined && ecosystemsOf(advisories, line).length > 0;
  const codename = evidence.osRelease?.data?.versionCodename?.toLowerCase();
  const origins: Origins = {
    vendors: packages.some(({ vendor }) => vendor !== undefined),
    maintainers: maintainersOf(packages),
    ...(own?.repositories ? { repositories: own.repositories } : {}),
    ...(codename === undefined ? {} : { codename }),
  };
  const moduleStreams = own?.moduleStreams?.map(({ module, stream }) => `${module}:${stream}`).sort();
  const topics = release.key === 'amzn:2' ? enabledTopics(own?.repositories) : undefined;
  const host: Host = {
    ...(topics ? { topics } : {}),
    covers,
    epochs,
    origins,
    running,
    kernels,
    moduleStreams,
    container: container !== undefined,
  };
  const distinct = new Map<string, Subject>();
  for (const each of packages) {
    if (release.manager === 'rpm' && each.name === 'gpg-pubkey') continue;
    const subject = toSubject(each, release, host);
    distinct.set(
      [subject.name, subject.installedVersion, subject.sourceName, subject.lookup.version].join('\0'),
      subject,
    );
  }
  const subjects = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, subject]) => subject);
  return {
    subjects,
    kernel: kernelStatus(subjects, running, container),
    others: databases
      .filter(({ manager, packages: found }) => manager !== release.manager && found.length > 0)
      .map(({ manager, packages: found }) => ({ manager, count: found.length })),
    subscribed: release.subscribers !== undefined && packages.some(({ version }) => /[+~]esm\d/.test(version)),
    ...(release.version && { streams: streamsOf(release.version, own) }),
  };
}

interface Host {
  readonly covers: (line: BuildLine) => boolean;
  readonly epochs: ReadonlyMap<string, string>;
  readonly origins: Origins;
  readonly running: string | undefined;
  readonly kernels: ReadonlySet<string>;
  readonly container: boolean;
  readonly topics?: readonly string[];
  /** `nodejs:18` of each module stream that is enabled, sorted; undefined where the host does not tell. */
  readonly moduleStreams: readonly string[] | undefined;
}

function toSubject(each: InstalledPackage, release: Release, host: Host): Subject {
  const { epochs, kernels, moduleStreams } = host;
  const sourceName = kernelSource(each.sourceName ?? each.name, release);
  const part = kernelPart(each, sourceName, release, kernels);
  const subject: Subject = {
    name: each.name,
    sourceName,
    installedVersion: each.version,
    lookup: {
      ...lookupOf(each, sourceName, release, { epochs, moduleStreams, image: part.part === 'IMAGE' }),
      ...(host.topics ? { topics: host.topics } : {}),
    },
    ...(part.part === 'IMAGE' ? { kernel: standingOf(part, host) } : {}),
  };
  const provenance = provenanceOf(release, each, host.origins);
  if (provenance.of === 'THIRD_PARTY') {
    const reason = `${provenance.why}, not part of ${release.name}: Assay has no advisories for it`;
    return { ...subject, aside: { why: 'FOREIGN', reason } };
  }
  if (provenance.of === 'UNCERTAIN') {
    const reason = `${provenance.why}: nothing says who built it, so whether the advisories of ${release.name} speak of it is not known`;
    return { ...subject, aside: { why: 'UNCERTAIN', reason } };
  }
  if (part.part === 'BESIDE') {
    const reason = 'built from the source of the kernel and runs nothing of it: only the running image counts';
    return { ...subject, aside: { why: 'BESIDE_KERNEL', reason } };
  }
  const line = release.apart?.(subject.lookup);
  if (line && !host.covers(line)) {
    const reason = `a ${line.name} build, which counts its versions apart: ${release.name}'s ordinary advisories do not speak of it, and there are none of its own here`;
    return { ...subject, aside: { why: 'FOREIGN', reason } };
  }
  const { version } = subject.lookup;
  if (release.order.isValid(version)) return subject;
  const reason = `its version "${version}" is none that ${release.manager} can compare`;
  return { ...subject, aside: { why: 'INVALID', reason } };
}

/** Of `amzn2extra-docker` and its like, those that are enabled. */
const enabledTopics = (repositories: Origins['repositories']): readonly string[] | undefined =>
  repositories
    ?.flatMap(({ name, enabled }) =>
      enabled === false ? [] : (/^amzn2extra-(.+)$/.exec(name)?.[1]?.toLowerCase() ?? []),
    )
    .sort();

/** In a container no image that is installed ever runs; elsewhere it is known where the running kernel was seen. */
function standingOf(
  { runs }: KernelPart & { part: 'IMAGE' },
  { running, container }: Host,
): NonNullable<Subject['kernel']> {
  if (container) return 'OTHER';
  if (running === undefined) return 'UNKNOWN';
  return runs(running) ? 'RUNNING' : 'OTHER';
}

function lookupOf(
  each: InstalledPackage,
  sourceName: string,
  release: Release,
  { epochs, image, moduleStreams }: Pick<Host, 'epochs' | 'moduleStreams'> & { readonly image: boolean },
): Lookup {
  const { name, version, sourceVersion = version } = each;
  if (release.manager !== 'rpm') {
    // A signed image's source counts apart (6.1.119+1 for 6.1.119-1): the image's own version is the kernel's.
    const build = { name: sourceName, version: image ? version : sourceVersion };
    const line = release.apart?.(build);
    return { ...build, epochKnown: true, ...(line ? { line: line.name } : {}) };
  }
  const stream = streamOf(each);
  const module = {
    ...(stream === undefined ? {} : { stream }),
    ...(stream === null && moduleStreams ? { enabledStreams: moduleStreams } : {}),
  };
  if (release.names === 'BINARY') return { name, version, epochKnown: true, ...module };
  const epoch = each.sourceVersion === undefined ? '' : epochs.get(`${sourceName} ${sourceVersion}`);
  const source = {
    name: sourceName,
    version: `${epoch ?? ''}${sourceVersion}`,
    epochKnown: epoch !== undefined,
    ...module,
  };
  if (release.names === 'BINARY_AND_SOURCE') {
    const { name: of, version: built, epochKnown } = source;
    return { name, version, epochKnown: true, ...module, source: { name: `${of}.src`, version: built, epochKnown } };
  }
  return release.names === 'SOURCE' ? source : { ...source, binary: { name, version } };
}

/** The name of a source rpm has no epoch: it is that of a package built from it under the same version. */
function sourceEpochs(packages: readonly InstalledPackage[]): ReadonlyMap<string, string> {
  const epochs = new Map<string, string>();
  for (const { name, version, sourceName = name, sourceVersion } of packages) {
    const [, epoch = '', rest = ''] = /^(\d+:)?(.*)$/s.exec(version) ?? [];
    if (sourceVersion === undefined) epochs.set(`${sourceName} ${rest}`, epoch);
  }
  return epochs;
}

/** `name:stream` of a MODULARITYLABEL (`name:stream:version:context`). */
function streamOf({ module, version }: InstalledPackage): string | null | undefined {
  if (module !== undefined) {
    const [, stream] = /^([^:]+:[^:]+)(?::|$)/.exec(module) ?? [];
    return stream ?? null;
  }
  return /\.module[_+]/.test(version) ? null : undefined;
}

function kernelStatus(
  subjects: readonly Subject[],
  running: string | undefined,
  container: string | undefined,
): Inventory['kernel'] {
  const images = subjects.filter(({ kernel, aside }) => kernel !== undefined && !aside);
  const names = enumerate(
    images.map(({ name, installedVersion }) => `${name} ${installedVersion}`),
    1000,
  );
  if (container !== undefined) {
    return {
      outcome: 'NOT_APPLICABLE',
      text: `a container (${container}) runs the kernel of its host, which is assessed there`,
    };
  }
  if (running === undefined) {
    if (images.length === 0)
      return { outcome: 'NOT_APPLICABLE', text: 'no kernel image is installed, and none was seen to run' };
    return {
      outcome: 'NOT_ASSESSED',
      text: `which kernel runs is not known, so each installed one is taken to be able to run: ${names}`,
    };
  }
  const image = images.find(({ kernel }) => kernel === 'RUNNING');
  if (image) return { outcome: 'PASSED', text: `${running} runs, of ${image.name} ${image.installedVersion}` };
  const foreign = subjects.find(({ kernel }) => kernel === 'RUNNING');
  if (foreign)
    return {
      outcome: 'NOT_ASSESSED',
      text: `the running kernel ${running} is of ${foreign.name}, ${foreign.aside?.reason}`,
    };
  return {
    outcome: 'NOT_ASSESSED',
    text: `the running kernel ${running} is of no installed package, so no advisories speak of it${names ? `; installed: ${names}` : ''}`,
  };
}
