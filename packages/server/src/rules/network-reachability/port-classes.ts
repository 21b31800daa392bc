import type { Ranges } from './ranges.ts';
import { contains } from './ranges.ts';

/**
 * Some classes of ports, one bit each: words of 32 bits from the word number `from` on, without empty ones at the ends. No
 * words: no ports.
 */
export interface PortSet {
  readonly from: number;
  readonly words: readonly number[];
}

/** The ports in classes that no rule tells apart. Sets of one of these do not mix with those of another. */
export interface PortClasses {
  readonly all: PortSet;
  /** Throws where a range begins or ends within a class. */
  readonly of: (ranges: Ranges) => PortSet;
  readonly rangesOf: (set: PortSet) => Ranges;
  readonly has: (set: PortSet, port: number) => boolean;
}

const NO_PORTS: PortSet = { from: 0, words: [] };
export const isEmpty = ({ words }: PortSet): boolean => words.length === 0;

const END = 65_536;

/** The classes that ranges tell apart; all ports are of some class. */
export function portClasses(distinctions: readonly Ranges[]): PortClasses {
  const isEdge = new Uint8Array(END + 1);
  isEdge[0] = 1;
  for (const ranges of distinctions) {
    for (const [low, high] of ranges) {
      isEdge[Math.min(Number(low), END)] = 1;
      isEdge[Math.min(Number(high) + 1, END)] = 1;
    }
  }
  /** The first port of each class, and the class of each port; of the one after the last port, how many there are. */
  const firsts: number[] = [];
  const classAt = new Uint32Array(END + 1);
  for (let port = 0; port < END; port++) {
    if (isEdge[port] === 1) firsts.push(port);
    classAt[port] = firsts.length - 1;
  }
  classAt[END] = firsts.length;
  isEdge[END] = 1;
  const known = new WeakMap<Ranges, PortSet>();
  const convert = (ranges: Ranges): PortSet => {
    // Lists may compare ports with numbers that no port has.
    const [first] = ranges;
    const last = ranges.findLast(([low]) => low < END);
    if (!first || !last) return NO_PORTS;
    const classOf = (value: number): number => {
      const port = Math.min(value, END);
      if (isEdge[port] !== 1) throw new Error(`the rules compare port ${port}, which is within a class of ports`);
      return classAt[port] as number;
    };
    const from = classOf(Number(first[0])) >> 5;
    const words: number[] = Array.from({ length: ((classOf(Number(last[1]) + 1) - 1) >> 5) - from + 1 }, () => 0);
    for (const [low, high] of ranges)
      setBits(words, classOf(Number(low)) - from * 32, classOf(Number(high) + 1) - from * 32);
    return { from, words };
  };
  const of = (ranges: Ranges): PortSet => {
    const found = known.get(ranges);
    if (found) return found;
    const set = convert(ranges);
    known.set(ranges, set);
    return set;
  };
  const rangesOf = (set: PortSet): Ranges => {
    const ranges: [number, number][] = [];
    eachClass(set, (number) => {
      const [low, high] = [firsts[number] ?? END, (firsts[number + 1] ?? END) - 1];
      const last = ranges.at(-1);
      if (last && last[1] === low - 1) last[1] = high;
      else ranges.push([low, high]);
    });
    return ranges;
  };
  const has = ({ from, words }: PortSet, port: number): boolean => {
    const number = classAt[port] ?? END;
    return (((words[(number >> 5) - from] ?? 0) >>> (number & 31)) & 1) === 1;
  };
  return { all: of([[0, END - 1]]), of, rangesOf, has };
}

/** One port alone: the only class that there is. */
export function onePort(port: number): PortClasses {
  const all: PortSet = { from: 0, words: [1] };
  return {
    all,
    of: (ranges) => (contains(ranges, port) ? all : NO_PORTS),
    rangesOf: (set) => (isEmpty(set) ? [] : [[port, port]]),
    has: (set, asked) => asked === port && !isEmpty(set),
  };
}

/** Sets the bits from `low` up to, not including, `end`. */
function setBits(words: number[], low: number, end: number): void {
  for (let at = low >> 5; at * 32 < end; at++) {
    const [from, to] = [Math.max(low - at * 32, 0), Math.min(end - at * 32, 32)];
    const upTo = to === 32 ? -1 : (1 << to) - 1;
    words[at] = (words[at] ?? 0) | (upTo & (-1 << from));
  }
}

function eachClass({ from, words }: PortSet, visit: (number: number) => void): void {
  for (const [at, word] of words.entries()) {
    for (let bits = word; bits !== 0; bits &= bits - 1) visit((from + at) * 32 + 31 - Math.clz32(bits & -bits));
  }
}

/** Without the empty words at both ends. */
function trimmed(from: number, words: number[]): PortSet {
  let [low, high] = [0, words.length];
  while (high > low && words[high - 1] === 0) high--;
  while (low < high && words[low] === 0) low++;
  if (low === high) return NO_PORTS;
  return { from: from + low, words: high - low === words.length ? words : words.slice(low, high) };
}

export function intersectPorts(left: PortSet, right: PortSet): PortSet {
  if (left === right) return left;
  const from = Math.max(left.from, right.from);
  const end = Math.min(left.from + left.words.length, right.from + right.words.length);
  const words: number[] = [];
  let any = 0;
  for (let at = from; at < end; at++) {
    const word = (left.words[at - left.from] as number) & (right.words[at - right.from] as number);
    any |= word;
    words.push(word);
  }
  return any === 0 ? NO_PORTS : trimmed(from, words);
}

/** What is in `left` and not in `right`. */
export function subtractPorts(left: PortSet, right: PortSet): PortSet {
  const from = Math.max(left.from, right.from);
  const end = Math.min(left.from + left.words.length, right.from + right.words.length);
  if (from >= end) return left;
  const words = left.words.slice();
  for (let at = from; at < end; at++) {
    words[at - left.from] = (words[at - left.from] as number) & ~(right.words[at - right.from] as number);
  }
  return trimmed(left.from, words);
}

export function unionPorts(sets: readonly PortSet[]): PortSet {
  const [first = NO_PORTS, second] = sets;
  if (!second) return first;
  let [from, end] = [Number.POSITIVE_INFINITY, 0];
  for (const each of sets) {
    if (isEmpty(each)) continue;
    from = Math.min(from, each.from);
    end = Math.max(end, each.from + each.words.length);
  }
  if (end === 0) return NO_PORTS;
  const words: number[] = Array.from({ length: end - from }, () => 0);
  for (const each of sets) {
    for (let at = 0; at < each.words.length; at++) {
      const to = each.from + at - from;
      words[to] = (words[to] as number) | (each.words[at] as number);
    }
  }
  return { from, words };
}
