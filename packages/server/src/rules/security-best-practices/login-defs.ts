import type { Limitation, TextFile } from '@assay/model/evidence/document.ts';
import { hiddenPath } from './hidden.ts';
import { type Unknown, unknownBy } from './unknown.ts';

/** What login.defs says: the last line of a name counts. */
export type LoginDefs =
  | {
      readonly path: string;
      readonly get: (name: string) => { readonly value: string; readonly source: string } | undefined;
    }
  | { readonly unread: Unknown };

/** The file of the host's administrator, else the distribution's. */
export function loginDefs(files: readonly TextFile[], limitations: readonly Limitation[]): LoginDefs {
  for (const path of ['/etc/login.defs', '/usr/etc/login.defs']) {
    const file = files.find((each) => each.path === path);
    if (file) return { path, get: (name) => lastLine(file, name) };
    const limitation = hiddenPath(limitations, path);
    if (limitation) return { unread: unknownBy(limitation) };
  }
  const path = '/etc/login.defs';
  const absent = limitations.some(({ code, subject }) => code === 'NOT_PRESENT' && subject === path);
  return absent
    ? { path, get: () => undefined }
    : { unread: { text: `${path} was not reported`, cause: 'NOT_REPORTED' } };
}

function lastLine({ path, content }: TextFile, name: string) {
  const lines = content.split('\n');
  for (let index = lines.length - 1; index >= 0; index--) {
    // As shadow's getdef.c reads a line: all that stands up to a quotation mark is the value.
    const [, given, value] = /^[ \t]*([^\s#][^ \t]*)[ \t]["\s]*([^"]*)/.exec(lines[index]?.trimEnd() ?? '') ?? [];
    if (given === name) return { value: value ?? '', source: `${path}:${index + 1}` };
  }
  return undefined;
}
