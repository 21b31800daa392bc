import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import { hiddenPath } from './hidden.ts';
import { keyValues, wholeNumber } from './key-values.ts';
import type { PamEntry } from './pam-stack.ts';
import type { PasswordLibraries } from './password-libraries.ts';
import { type Unknown, unknownBy } from './unknown.ts';

/** How many former passwords a module refuses, and where that is said. */
export interface PasswordHistory {
  readonly remembered: number;
  readonly because: string;
  readonly unread?: Unknown;
}

/** Where it is said how many, beside the modules' arguments. */
interface HistorySources {
  readonly files: readonly TextFile[];
  readonly limitations: readonly Limitation[];
  readonly libraries: PasswordLibraries;
}

/** pam_pwhistory's own default, which holds when it is in the stack and nobody gave a number. */
const defaultRemembered = 10;

/** The history that one module keeps; undefined for modules that keep none. */
export function historyOf(
  entry: PamEntry,
  { files, limitations, libraries }: HistorySources,
): PasswordHistory | undefined {
  const argument = (name: string): string | undefined =>
    entry.args.findLast((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
  const given = wholeNumber(argument('remember'));
  if (given !== undefined && /^pam_(?:unix|pwhistory)\.so$/.test(entry.module)) {
    return { remembered: given, because: `${entry.source}: ${entry.module} remember=${given}` };
  }
  if (entry.module !== 'pam_pwhistory.so') return undefined;
  const because = `${entry.source}: pam_pwhistory.so without a number remembers ${defaultRemembered}`;
  const path = argument('conf') ?? '/etc/security/pwhistory.conf';
  const file = files.find((each) => each.path === path);
  if (!libraries.pwhistoryReadsFile) {
    const ignored = file ? `; the installed pam_pwhistory does not read ${path}` : '';
    return { remembered: defaultRemembered, because: `${because}${ignored}` };
  }
  // libpam looks for the first line of a name, and reads the digits that its value begins with.
  const line = keyValues(path, file?.content ?? '').find(({ name }) => name === 'remember');
  const configured = /^\+?(\d{1,9})/.exec(line?.value ?? '')?.[1];
  if (line && configured !== undefined) {
    return { remembered: Number(configured), because: `${line.source}: remember=${configured}` };
  }
  const limitation = file ? undefined : hiddenPath(limitations, path);
  const unread = limitation ? unknownBy(limitation) : undefined;
  return { remembered: defaultRemembered, because, ...(unread === undefined ? {} : { unread }) };
}
