import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import { describeLimitation, hides } from './hidden.ts';
import { type KeyValue, keyValues } from './key-values.ts';

export interface PwqualitySettings {
  /** In the order in which they are read: the last of a name counts. */
  readonly settings: readonly KeyValue[];
  /** A file that could not be read. */
  readonly unread: string | undefined;
}

const main = '/etc/security/pwquality.conf';
const dropIns = `${main}.d/`;

/** libpwquality's settings: first the drop-ins by name, then the main file. */
export function pwqualitySettings(files: readonly TextFile[], limitations: readonly Limitation[]): PwqualitySettings {
  const dropIn = files
    .filter(({ path }) => path.startsWith(dropIns) && path.endsWith('.conf'))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const configured = [...dropIn, ...files.filter(({ path }) => path === main)];
  const unread = limitations.find(
    (each) => hides(each) && (each.subject === main || `${each.subject}/`.startsWith(dropIns)),
  );
  return {
    settings: configured.flatMap(({ path, content }) => keyValues(path, content)),
    unread: unread && describeLimitation(unread),
  };
}
