import { parseTags, type TagPair } from './tags.ts';

/** A template as somebody fills it in. */
export interface TemplateDraft {
  readonly name: string;
  readonly packages: readonly string[];
  readonly seconds: number;
  readonly attributes: string;
}

/** What a draft says; `problem` is why it cannot be used yet, in words. */
export function readTemplateDraft({ name, packages, attributes }: TemplateDraft): {
  readonly name: string;
  readonly attributes: readonly TagPair[];
  readonly problem: string;
} {
  const parsed = parseTags(attributes);
  const repeated = parsed.tags.find(({ key }, at) => parsed.tags.findIndex((other) => other.key === key) !== at);
  const problem =
    parsed.problem ||
    (repeated ? `The key ${repeated.key} is there twice.` : '') ||
    (packages.length === 0 ? 'Choose at least one rules package.' : '') ||
    (name.trim() === '' ? 'Give the template a name.' : '');
  return { name: name.trim(), attributes: parsed.tags, problem };
}
