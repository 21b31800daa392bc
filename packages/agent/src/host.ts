import type { Limitation } from '@assay/model/evidence/document.ts';

/** Why something of the host could not be had; it becomes a limitation of the document. */
export interface Refusal {
  readonly ok: false;
  readonly code: Limitation['code'];
  readonly detail: string;
}
export type Seen<T> = { readonly ok: true; readonly value: T } | Refusal;

export interface CommandLimits {
  readonly timeoutMs: number;
  /** Bytes of standard output; a command that prints more is ended and refused. */
  readonly maxBytes: number;
  /** The working directory; `/` unless given. */
  readonly cwd?: string;
  /** Ends what the command has started too, when it is ended. */
  readonly wholeGroup?: boolean;
  /** Takes each line of standard output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Told the process id at once. */
  readonly onStart?: (pid: number) => void;
}
export interface CommandOutput {
  /** 128 and more where a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  /** Cut to its first 64 KiB. */
  readonly stderr: string;
}

/** What a collector may use of the host that it looks at. It reads; nothing here can change the host. */
export interface Host {
  /** `/`, or the absolute real path under which another host's file system (with its /proc, if any) is to be found. */
  readonly root: string;
  /** Milliseconds since the epoch, as Date.now. */
  readonly now: () => number;
  /**
   * Runs a program by name or absolute path. `NOT_PRESENT` where there is no such program; `UNSUPPORTED` where it is
   * not run on principle, as for a root other than `/`. Never throws.
   */
  readonly run: (command: string, args: readonly string[], limits: CommandLimits) => Promise<Seen<CommandOutput>>;
}

export const refuse = (code: Limitation['code'], detail: string): Refusal => ({ ok: false, code, detail });

/** A failed system call as a refusal. */
export function refusalOf(error: unknown): Refusal {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return refuse('NOT_PRESENT', 'does not exist');
    case 'EACCES':
    case 'EPERM':
      return refuse('PERMISSION_DENIED', `the agent may not read it (${code})`);
    case 'ETIMEDOUT':
      return refuse('TIMED_OUT', code);
    default:
      return refuse('UNREADABLE', code);
  }
}
