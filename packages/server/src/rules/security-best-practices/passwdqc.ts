import type { TextFile } from '@assay/model/evidence/document.ts';
import { type KeyValue, keyValues } from './key-values.ts';
import type { Unknown } from './unknown.ts';

export interface PasswdqcSettings {
  /** In the order in which they are read: the last of a name counts. */
  readonly settings: readonly KeyValue[];
  /** A file that `config=` names and that was not reported. */
  readonly unread: Unknown | undefined;
}

/** The arguments of pam_passwdqc with every `config=FILE` replaced by the file's lines, each file once. */
export function passwdqcSettings(args: readonly KeyValue[], files: readonly TextFile[]): PasswdqcSettings {
  const settings: KeyValue[] = [];
  const read = new Set<string>();
  const rest = [...args].reverse();
  let unread: Unknown | undefined;
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (next.name !== 'config') {
      settings.push(next);
      continue;
    }
    const path = next.value;
    const file = files.find((each) => each.path === path);
    if (!file) unread = { text: `${path} (named at ${next.source}) was not reported`, cause: 'NOT_REPORTED' };
    if (!file || read.has(path)) continue;
    read.add(path);
    for (const line of keyValues(path, file.content).reverse()) rest.push(line);
  }
  return { settings, unread };
}
