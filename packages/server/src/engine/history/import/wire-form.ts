import { formatPath, type Path } from '@assay/model/parse.ts';
import { elementOf, membersOf, type Shape } from '@assay/model/shape.ts';
import { Refusal } from './refusal.ts';

/**
 * An item as the wire has it: times that clients print in ISO 8601 become seconds since the epoch. Members that the
 * shape does not have are left out, and where they stood is added to `unknown`. Throws {@link Refusal}.
 */
export function wireForm(shape: Shape, value: unknown, path: Path, unknown: string[]): unknown {
  switch (shape.type) {
    case 'timestamp':
      return typeof value === 'string' ? secondsOf(value, path) : value;
    case 'list':
      if (!Array.isArray(value)) return value;
      return value.map((element, index) => wireForm(elementOf(shape), element, [...path, index], unknown));
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const members = membersOf(shape);
      const known: [string, unknown][] = [];
      for (const [name, given] of Object.entries(value)) {
        const member = Object.hasOwn(members, name) ? members[name] : undefined;
        if (member) known.push([name, wireForm(member, given, [...path, name], unknown)]);
        else unknown.push(formatPath([...path, name]));
      }
      return Object.fromEntries(known);
    }
    default:
      // The API's maps hold plain values.
      return value;
  }
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

function secondsOf(text: string, path: Path): number {
  const [, day = '', time = '', fraction = '', offset = ''] = ISO.exec(text) ?? [];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const whole = Date.parse(`${day}T${time}${offset}`);
  // A day that the month does not have would otherwise become one of the next month.
  if (Number.isNaN(whole) || new Date(midnight).toISOString().slice(0, 10) !== day) {
    throw new Refusal(
      `${formatPath(path)} must be seconds since the epoch, or a time as 2016-03-22T21:36:10.035+00:00, with its offset from UTC`,
    );
  }
  return whole / 1000 + Number(`0.${fraction || '0'}`);
}
