import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import { describeLimitation, hiddenPath } from './hidden.ts';
import { keyValues, wholeNumber } from './key-values.ts';
import type { PamEntry } from './pam-stack.ts';

/** How many former passwords a module refuses, and where that is said. */
export interface PasswordHistory {
  readonly remembered: number;
  readonly because: string;
  readonly unread?: string;
}

/** pam_pwhistory's own default, which holds when it is in the stack and nobody gave a number. */
const defaultRemembered = 10;

/** The history that one module keeps; undefined for modules that keep none. */
export function historyOf(
  entry: PamEntry,
  files: readonly TextFile[],
  limitations: readonly Limitation[],
): PasswordHistory | undefined {
  const argument = (name: string): string | undefined =>
    entry.args.findLast((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  const given = wholeNumber(argument('remember'));
  if (given !== undefined && /^pam_(?:unix|pwhistory)\.so$/.test(entry.module)) {
    return { remembered: given, because: `${entry.source}: ${entry.module} remember=${given}` };
  }
  if (entry.module !== 'pam_pwhistory.so') return undefined;
  const path = argument('conf') ?? '/etc/security/pwhistory.conf';
  const file = files.find((each) => each.path === path);
  const line = keyValues(path, file?.content ?? '').findLast(({ name }) => name === 'remember');
  const configured = wholeNumber(line?.value);
  if (line && configured !== undefined)
    return { remembered: configured, because: `${line.source}: remember=${configured}` };
  const limitation = file ? undefined : hiddenPath(limitations, path);
  const unread = limitation ? describeLimitation(limitation) : undefined;
  return {
    remembered: defaultRemembered,
    because: `${entry.source}: pam_pwhistory.so without a number remembers ${defaultRemembered}`,
    ...(unread === undefined ? {} : { unread }),
  };
}
