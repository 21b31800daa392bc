/** A port, an IPv4 address or a small number; or an IPv6 address. */
export type Value = number | bigint;
/** Sorted ranges, both ends included, that neither touch nor overlap. */
export type Ranges = readonly (readonly [low: Value, high: Value])[];

export const NONE: Ranges = [];
export const ALL_PORTS: Ranges = [[0, 65_535]];

const after = (value: Value): Value => (typeof value === 'bigint' ? value + 1n : value + 1);
const before = (value: Value): Value => (typeof value === 'bigint' ? value - 1n : value - 1);

/** Ranges in any order, put together. All values are of one type. */
export function union(ranges: Ranges): Ranges {
  if (ranges.length < 2) return ranges;
  const sorted = ranges.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const joined: [Value, Value][] = [];
  for (const [low, high] of sorted) {
    const last = joined.at(-1);
    if (last && low <= after(last[1])) {
      if (high > last[1]) last[1] = high;
    } else joined.push([low, high]);
  }
  return joined;
}

export function intersect(left: Ranges, right: Ranges): Ranges {
  if (left === right || right === ALL_PORTS) return left;
  if (left === ALL_PORTS) return right;
  const common: [Value, Value][] = [];
  let [at, to] = [0, 0];
  for (;;) {
    const [one, two] = [left[at], right[to]];
    if (!one || !two) return common;
    const low = one[0] > two[0] ? one[0] : two[0];
    const high = one[1] < two[1] ? one[1] : two[1];
    if (low <= high) common.push([low, high]);
    if (one[1] < two[1]) at++;
    else to++;
  }
}

/** What is in `left` and not in `right`. */
export function subtract(left: Ranges, right: Ranges): Ranges {
  if (right.length === 0 || left.length === 0) return left;
  const rest: [Value, Value][] = [];
  let to = 0;
  for (const [from, high] of left) {
    let low = from;
    let open = true;
    while (to < right.length && (right[to]?.[1] as Value) < low) to++;
    for (let at = to; open && at < right.length; at++) {
      const [start, end] = right[at] as readonly [Value, Value];
      if (start > high) break;
      if (start > low) rest.push([low, before(start)]);
      if (end >= high) open = false;
      else low = after(end);
    }
    if (open) rest.push([low, high]);
  }
  return rest;
}

export function contains(ranges: Ranges, value: Value): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle] as readonly [Value, Value];
    if (value < range[0]) high = middle - 1;
    else if (value > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}
