import { tags } from '../agent.ts';

interface Tag {
  readonly key: string;
  readonly value: string;
}

/** `Key=Value` each. Throws InvalidArgumentError. */
export const keyValues = (texts: readonly string[]): { key: string; value: string }[] =>
  texts.reduce<ReturnType<typeof tags>>((before, text) => tags(text, before), []);

export const tagsText = (all: readonly Tag[]): string => all.map(({ key, value }) => `${key}=${value}`).join(', ');
