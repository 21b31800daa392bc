/** What is in force in a directory of knowledge. */
export interface KnowledgeState {
  /** SHA-256 of `texts`: the same identity is the same knowledge. */
  readonly identity: string;
  /** The small files that put it in force, by their names in the directory. */
  readonly texts: Readonly<Record<string, string>>;
  /** The files that those name: paths in the directory. They never change under their names. */
  readonly files: readonly string[];
}

/** A kind of knowledge that is files of a data directory, and that servers of one store pass on to each other. */
export interface SharedKind {
  readonly kind: 'advisories' | 'content';
  readonly directory: string;
  /** Which paths its files may have. */
  readonly isFile: (path: string) => boolean;
  /** Undefined where nothing was ever in force. Throws where it cannot be read. */
  readonly state: () => KnowledgeState | undefined;
  /** Makes the directory, and does `work` while nobody else changes it. Throws CliError where somebody does for long. */
  readonly changing: <T>(work: () => Promise<T> | T) => Promise<T>;
  /** Puts in force what another server shared. Its files are in their places. */
  readonly adopt: (texts: KnowledgeState['texts']) => void;
  /** Puts in force what is newer of both, where here and elsewhere something was changed. The files of both are in their places. */
  readonly merge: (texts: KnowledgeState['texts']) => Promise<void>;
}
