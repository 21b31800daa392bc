import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import { hides } from './hidden.ts';
import { type KeyValue, wholeNumber } from './key-values.ts';
import { isOlder, type LibraryVersion } from './password-libraries.ts';
import { quote } from './quote.ts';
import { type Unknown, unknownBy } from './unknown.ts';

export interface PwqualitySettings {
  /** In the order in which they are read: the last of a name counts. */
  readonly settings: readonly KeyValue[];
  /** A file that could not be read. */
  readonly unread: Unknown | undefined;
  /** Where and why the library stops reading: what stands after it is not in force. */
  readonly stopped: string | undefined;
}

const main = '/etc/security/pwquality.conf';
const dropIns = `${main}.d/`;
/** Characters of a line that the library reads at once. */
const maxLine = 1022;

/** The names that libpwquality knows, with the version that brought each, and what may stand behind it. */
const names = new Map<string, { readonly since: LibraryVersion; readonly takes: 'number' | 'text' | 'anything' }>([
  ...['difok', 'minlen', 'dcredit', 'ucredit', 'lcredit', 'ocredit', 'minclass', 'maxrepeat', 'maxclassrepeat'].map(
    (name) => [name, { since: [0, 0, 0], takes: 'number' }] as const,
  ),
  ...['gecoscheck', 'maxsequence'].map((name) => [name, { since: [0, 0, 0], takes: 'number' }] as const),
  ...['badwords', 'dictpath'].map((name) => [name, { since: [0, 0, 0], takes: 'text' }] as const),
  ['dictcheck', { since: [1, 3, 0], takes: 'number' }],
  ['usercheck', { since: [1, 4, 0], takes: 'number' }],
  ['enforcing', { since: [1, 4, 0], takes: 'number' }],
  ['retry', { since: [1, 4, 1], takes: 'number' }],
  ['enforce_for_root', { since: [1, 4, 1], takes: 'anything' }],
  ['local_users_only', { since: [1, 4, 1], takes: 'anything' }],
  ['usersubstr', { since: [1, 4, 3], takes: 'number' }],
]);

/** Why libpwquality of this version refuses a setting; undefined where it takes it. */
export function whyRefused({ name, value }: KeyValue, version: LibraryVersion): string | undefined {
  const known = names.get(name);
  if (!known || isOlder(version, known.since))
    return `libpwquality ${version.join('.')} has no setting "${quote(name, 80)}"`;
  const number = wholeNumber(value);
  const isNumber = number !== undefined && Math.abs(number) < 2_147_483_647;
  return known.takes === 'number' && !isNumber ? `"${quote(value, 80)}" is not a whole number` : undefined;
}

/**
 * What libpwquality of this version reads: from 1.3.0 on first the drop-ins by name, then the main file, and nothing
 * after the first line that it does not accept, in whichever file that stands.
 */
export function pwqualitySettings(
  files: readonly TextFile[],
  limitations: readonly Limitation[],
  version: LibraryVersion,
): PwqualitySettings {
  const readsDropIns = !isOlder(version, [1, 3, 0]);
  const unread = limitations.find(
    (each) => hides(each) && (each.subject === main || (readsDropIns && `${each.subject}/`.startsWith(dropIns))),
  );
  const isDropIn = (path: string): boolean => path.startsWith(dropIns) && path.endsWith('.conf');
  // A link that leads nowhere is there by name, and cannot be opened.
  const dangling = limitations.filter(({ code, subject }) => code === 'NOT_PRESENT' && isDropIn(subject));
  const dropIn: { readonly path: string; readonly content?: string }[] = [
    ...files.filter(({ path }) => isDropIn(path)),
    ...dangling.map(({ subject }) => ({ path: subject })),
  ];
  dropIn.sort((a, b) => (a.path < b.path ? -1 : 1));
  const settings: KeyValue[] = [];
  const result = (stopped?: string) => ({ settings, unread: unread && unknownBy(unread), stopped });
  for (const file of [...(readsDropIns ? dropIn : []), ...files.filter(({ path }) => path === main)]) {
    const { path, content } = file;
    if (content === undefined) return result(`${quote(path)} is a link that leads nowhere, and stops the reading`);
    for (const setting of settingsOf({ path, content })) {
      const refused = 'tooLong' in setting ? setting.tooLong : whyRefused(setting, version);
      if (refused !== undefined) return result(`libpwquality stops reading at ${setting.source}: ${refused}`);
      if ('name' in setting) settings.push(setting);
    }
  }
  return result();
}

/** The lines as the library cuts them. */
function* settingsOf({
  path,
  content,
}: TextFile): Generator<KeyValue | { readonly source: string; readonly tooLong: string }> {
  for (const [index, raw] of content.split('\n').entries()) {
    const source = `${path}:${index + 1}`;
    if (raw.length > maxLine) yield { source, tooLong: `the line is longer than ${maxLine} characters` };
    const line = (raw.split('#', 1)[0] ?? '').replace(/^[ \t\v\f\r]+|[ \t\v\f\r]+$/g, '');
    if (line === '') continue;
    const name = /^[^ \t\v\f\r=]*/.exec(line)?.[0] ?? '';
    const value = line.slice(name.length).replace(/^[ \t\v\f\r]*=?[ \t\v\f\r]*/, '');
    yield { name: name.toLowerCase(), value, source };
  }
}
