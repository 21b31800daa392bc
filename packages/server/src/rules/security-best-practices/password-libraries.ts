import type { EvidenceData } from '@assay/model/evidence/kinds.ts';

export type LibraryVersion = readonly [major: number, minor: number, patch: number];

/** What decides how the installed libraries read their configuration. */
export interface PasswordLibraries {
  /** The version of libpwquality. */
  readonly pwquality: LibraryVersion;
  /** Whether pam_pwhistory reads a configuration file. */
  readonly pwhistoryReadsFile: boolean;
}

/** One of each behaviour that libpwquality has had, the newest first. */
const representative: readonly LibraryVersion[] = [
  [1, 4, 5],
  [1, 4, 1],
  [1, 4, 0],
  [1, 3, 0],
  [1, 2, 3],
];

/** Every combination that the host may have: one, where the evidence names the versions. */
export function possibleLibraries({ libraries }: EvidenceData<'passwordPolicy'>): readonly PasswordLibraries[] {
  const known = libraryVersion(libraries?.libpwquality);
  const reads = readsFile(libraries);
  const answers = reads === undefined ? [true, false] : [reads];
  return (known ? [known] : representative).flatMap((pwquality) =>
    answers.map((pwhistoryReadsFile) => ({ pwquality, pwhistoryReadsFile })),
  );
}

/** In what one possibility differs from another, for people. */
export function describeDifference(one: PasswordLibraries, other: PasswordLibraries): string {
  const parts = [
    ...(one.pwquality === other.pwquality ? [] : [`libpwquality is ${one.pwquality.join('.')}`]),
    ...(one.pwhistoryReadsFile === other.pwhistoryReadsFile
      ? []
      : [`pam_pwhistory reads ${one.pwhistoryReadsFile ? 'its' : 'no'} configuration file`]),
  ];
  return parts.join(' and ');
}

/** From `1.4.4-8.el9`, `1.4.5-1+b1`. */
function libraryVersion(text: string | undefined): LibraryVersion | undefined {
  const parts = /^(?:\d{1,3}:)?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/.exec(text ?? '');
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)] : undefined;
}

export const isOlder = (version: LibraryVersion, than: LibraryVersion): boolean => {
  const at = version.findIndex((part, index) => part !== than[index]);
  return at >= 0 && (version[at] ?? 0) < (than[at] ?? 0);
};

/** Linux-PAM reads it from 1.5.3 on; Red Hat's family brought it into older versions, so that only the module can tell. */
function readsFile(libraries: EvidenceData<'passwordPolicy'>['libraries']): boolean | undefined {
  if (libraries?.pwhistoryReadsFile !== undefined) return libraries.pwhistoryReadsFile;
  const version = libraryVersion(libraries?.libpam);
  if (!version) return undefined;
  if (!isOlder(version, [1, 5, 3])) return true;
  return /\.(?:el|fc|amzn|module)/.test(libraries?.libpam ?? '') ? undefined : false;
}
