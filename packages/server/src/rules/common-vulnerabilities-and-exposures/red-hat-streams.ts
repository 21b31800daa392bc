import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { enumerate } from './wording.ts';

type Database = EvidenceData<'packages'>['databases'][number];

/** Update streams of Red Hat Enterprise Linux: the ordinary one, and those of a minor release for longer. */
type StreamKind = 'main' | 'eus' | 'e4s' | 'aus' | 'tus' | 'els';

/** The update streams that a host gets. */
export interface Streams {
  readonly major: string;
  /** The minor release that it stays at, or is at. */
  readonly minor: string | undefined;
  /** Of its enabled repositories; empty where they do not tell. */
  readonly kinds: readonly StreamKind[];
  /** What tells: `rhel-9-for-x86_64-baseos-eus-rpms is enabled`. */
  readonly why: string;
}

/** Repositories of Red Hat, its clouds' update servers and its base images; of version 7 and older, of any variant. */
const BASE =
  /^(?:rhui-)?(?:rhel|ubi)-(\d+)-(?:(?:for-\w+-)?(?:baseos|appstream)|server|client|workstation|hpc-node|for-(?:arm-64|power(?:-le|-9)?|system-z(?:-a)?))((?:-[a-z0-9]+)*?)(?:-rhui)?-rpms(?:__(\d+)_DOT_(\d+))?$/;
const EXTENDED = ['eus', 'e4s', 'aus', 'tus', 'els'] as const;

/**
 * The products of a stream in Red Hat's records (CPEs), as Red Hat maps repositories to them: what is kept for longer than
 * EUS was EUS before. The first that has something to say decides.
 */
const PRODUCTS: Readonly<Record<StreamKind, readonly string[]>> = {
  main: ['enterprise_linux'],
  eus: ['rhel_eus'],
  e4s: ['rhel_e4s', 'rhel_eus'],
  aus: ['rhel_aus', 'rhel_eus'],
  tus: ['rhel_tus', 'rhel_eus'],
  els: ['rhel_els'],
};

const NAMES: Readonly<Record<StreamKind, string>> = {
  main: 'the main stream',
  eus: 'EUS',
  e4s: 'E4S',
  aus: 'AUS',
  tus: 'TUS',
  els: 'ELS',
};

/** The streams that the enabled repositories of a host of a major release give it. */
export function streamsOf(
  { major, minor }: { readonly major: string; readonly minor: string | undefined },
  database: Pick<Database, 'repositories' | 'releaseVersion'> | undefined,
): Streams {
  const enabled = database?.repositories?.filter((each) => each.enabled !== false);
  const pinned = new RegExp(`^${major}\\.(\\d+)$`).exec(database?.releaseVersion ?? '')?.[1];
  const kinds = new Map<StreamKind, string>();
  let named: string | undefined;
  for (const { name } of enabled ?? []) {
    const [, ofMajor, rest = '', , ofMinor] = BASE.exec(name) ?? [];
    if (ofMajor !== major) continue;
    const words = rest.split('-').filter(Boolean);
    const [only, ...others] = words;
    const kind = only === undefined ? 'main' : EXTENDED.find((each) => each === only);
    if (kind === undefined || others.length > 0) continue;
    kinds.set(kind, kinds.get(kind) ?? name);
    named ??= ofMinor;
  }
  const of = { major, minor: named ?? pinned ?? minor, kinds: [...kinds.keys()].sort() };
  if (kinds.size > 0) return { ...of, why: `enabled: ${[...kinds.values()].sort().join(', ')}` };
  if (enabled === undefined) return { ...of, why: 'its repositories were not seen' };
  if (enabled.length === 0) return { ...of, why: 'no repository is enabled' };
  const others = enumerate(
    enabled.map(({ name }) => oneLine(name, 100)),
    300,
  );
  return { ...of, why: `none of its enabled repositories tells a stream: ${others}` };
}

/** The extended streams of a host, each as the ecosystems of its products, the deciding ones first. */
export function extendedEcosystems(streams: Streams, all: readonly string[]): readonly (readonly string[])[] {
  const { major, minor, kinds } = streams;
  const products = new Set(kinds.flatMap((kind) => (kind === 'main' ? [] : PRODUCTS[kind])));
  return [...products].map((product) => {
    const version = product === 'rhel_els' ? `${major}(?:\\.\\d+)?` : `${major}\\.${minor ?? '\\0'}`;
    const holds = new RegExp(`^Red Hat:${product}[a-z_]*:${version}(?::|$)`);
    return all.filter((ecosystem) => holds.test(ecosystem)).sort();
  });
}

/** `EUS 9.2`, `the main stream and E4S 9.0`; undefined where it is not known. */
export function streamNames({ kinds, major, minor }: Streams): string | undefined {
  const names = kinds.map((kind) => {
    const version = kind === 'main' ? '' : kind === 'els' || minor === undefined ? ` ${major}` : ` ${major}.${minor}`;
    return `${NAMES[kind]}${version}`;
  });
  return names.length === 0 ? undefined : names.join(' and ');
}

/** How a host's streams were told and which CPEs count, in a sentence. */
export function describeStreams(streams: Streams): string {
  const names = streamNames(streams);
  const { major, minor, kinds, why } = streams;
  if (names === undefined) {
    return `Which update stream of Red Hat Enterprise Linux ${major} the host gets is not known (${why}): what differs between them is not assessed.`;
  }
  const products = [...new Set(kinds.flatMap((kind) => PRODUCTS[kind])), 'enterprise_linux'];
  const cpes = [...new Set(products)].map((product) =>
    product === 'enterprise_linux' || product === 'rhel_els' || minor === undefined
      ? `${product}:${major}`
      : `${product}:${major}.${minor}`,
  );
  return `The host gets ${names} (${why}); records count by the CPEs ${cpes.map((cpe) => `cpe:/o:redhat:${cpe}`).join(', ')}.`;
}
