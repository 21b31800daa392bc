import { FeedFault } from './feed-fault.ts';

/** Names, versions and identifiers: one line of visible text. */
const TOKEN = /^[^\s\p{Cc}\p{Cs}](?:[^\p{Cc}\p{Cs}]*[^\s\p{Cc}\p{Cs}])?$/u;

type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object. Throws {@link FeedFault} where it is none. */
export function objectOf(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FeedFault(`${what} is no object`);
  return value as Members;
}

/** A member of its own: never what a prototype holds. */
export const member = (of: Members, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined);

/** A list, empty where it is absent or null. Throws {@link FeedFault} where it is none or has more than `max` elements. */
export function listOf(value: unknown, what: string, max: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new FeedFault(`${what} is no list`);
  if (value.length > max) throw new FeedFault(`${what} has more than ${max} elements`);
  return value;
}

/** A name, version or identifier of at most `max` characters. Throws {@link FeedFault}. */
export function tokenOf(value: unknown, what: string, max = 256): string {
  if (typeof value !== 'string') throw new FeedFault(`${what} is no text`);
  if (value.length > max) throw new FeedFault(`${what} is longer than ${max} characters`);
  if (!TOKEN.test(value)) throw new FeedFault(`${what} is empty or not plain text`);
  return value;
}

/** Text for people, cut to `max` characters; control characters but line breaks and tabs are left out. */
export function proseOf(value: unknown, max: number): string {
  if (typeof value !== 'string') return '';
  const text = value
    .slice(0, max * 2)
    .toWellFormed()
    .replaceAll(/(?![\n\t])\p{Cc}/gu, '')
    .trim();
  return text.length > max ? `${text.slice(0, max - 1).toWellFormed()}…` : text;
}

/** An instant in ISO 8601, in UTC, to the second. undefined where it is none. */
export function instantOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(value)) return undefined;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value.slice(10)) || value.length === 10 ? value : `${value}Z`;
  const instant = new Date(zoned.replace(' ', 'T'));
  return Number.isNaN(instant.getTime()) ? undefined : `${instant.toISOString().slice(0, 19)}Z`;
}
