export interface TagPair {
  readonly key: string;
  readonly value: string;
}

/** Tags as somebody types them: `env=prod, role=web`. `problem` says what cannot be read, in words. */
export function parseTags(text: string): { readonly tags: TagPair[]; readonly problem: string } {
  const tags: TagPair[] = [];
  for (const part of text.split(/[,\n]/).map((each) => each.trim())) {
    if (part === '') continue;
    const [, key = '', value = ''] = /^([^=]*)(?:=(.*))?$/s.exec(part) ?? [];
    if (key.trim() === '') return { tags, problem: `“${part}” has no key: write key=value.` };
    if (key.length > 128 || value.length > 256) {
      return { tags, problem: 'A key has at most 128 characters, and a value 256.' };
    }
    if (tags.some((tag) => tag.key === key.trim() && tag.value === value.trim())) continue;
    tags.push({ key: key.trim(), value: value.trim() });
  }
  return { tags, problem: tags.length > 10 ? 'There are more than 10 tags.' : '' };
}

export const tagsText = (tags: readonly { readonly key: string; readonly value?: string | undefined }[]): string =>
  tags.map(({ key, value = '' }) => (value === '' ? key : `${key}=${value}`)).join(', ');

/** A text as one word of a shell's command. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
