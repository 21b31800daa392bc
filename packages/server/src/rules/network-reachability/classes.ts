import { BeyondBounds, bounds } from './bounds.ts';
import type { Ranges, Value } from './ranges.ts';

export interface ClassOf {
  readonly class: number;
  readonly value: Value;
}

/**
 * One value of each class, and its class: values that are in the same ones of `distinctions` are of one class, and no
 * rule tells them apart. Of the same `distinctions` the number of a class is the same, whatever `all` is. One sweep over the borders of all ranges: what a class is in is kept as a hash of 53 bits.
 */
export function representatives(all: Ranges, distinctions: readonly Ranges[], preferred?: Value): ClassOf[] {
  const [first] = all;
  if (!first) return [];
  const edges = typeof first[0] === 'bigint' ? wideEdges(all, distinctions) : narrowEdges(all, distinctions);
  const classes = new Map<number, Value>();
  let [one, two, inside] = [0, 0, false];
  for (let at = 0; at < edges.length; at++) {
    const { value, id } = edges.at(at);
    if (id === 0) inside = !inside;
    else {
      one ^= mixed(id, 0x9e3779b1);
      two ^= mixed(id, 0x85ebca6b);
    }
    const next = at + 1 < edges.length ? edges.at(at + 1).value : undefined;
    if (!inside || next === undefined || next === value) continue;
    const key = (one >>> 0) * 2 ** 21 + (two >>> 11);
    const isPreferred = preferred !== undefined && value <= preferred && preferred < next;
    if (isPreferred) classes.set(key, preferred);
    else if (!classes.has(key)) classes.set(key, second(value, next));
    if (classes.size > bounds.classes) {
      throw new BeyondBounds(`the rules tell more than ${bounds.classes} kinds of sources apart`);
    }
  }
  return [...classes].map(([key, value]) => ({ class: key, value }));
}

/** Not the first of a network, which is no host's: the one after it, where there is one. */
const second = (value: Value, next: Value): Value =>
  typeof value === 'bigint' ? (value + 1n < next ? value + 1n : value) : value + 1 < next ? value + 1 : value;

/** The finalizer of MurmurHash3 over an id. */
function mixed(id: number, seed: number): number {
  let hash = id ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Where ranges begin, and where they have ended, in order; `id` 0 is of those that all values are of. */
interface Edges {
  readonly length: number;
  readonly at: (index: number) => { readonly value: Value; readonly id: number };
}

const MOST_IDS = 2 ** 20;

function requireFewIds(distinctions: readonly Ranges[]): void {
  if (distinctions.length + 1 >= MOST_IDS)
    throw new BeyondBounds(`the rules compare more than ${MOST_IDS} sets of sources`);
}

/** Numbers below 2³³ and their ids share one double each: sets of a million elements are sorted in place. */
function narrowEdges(all: Ranges, distinctions: readonly Ranges[]): Edges {
  requireFewIds(distinctions);
  const count = distinctions.reduce((sum, { length }) => sum + length, all.length);
  const packed = new Float64Array(count * 2);
  let end = 0;
  for (const [id, ranges] of [all, ...distinctions].entries()) {
    for (const [low, high] of ranges) {
      packed[end++] = Number(low) * MOST_IDS + id;
      packed[end++] = (Number(high) + 1) * MOST_IDS + id;
    }
  }
  packed.sort();
  return {
    length: packed.length,
    at: (index) => {
      const edge = packed[index] ?? 0;
      const value = Math.floor(edge / MOST_IDS);
      return { value, id: edge - value * MOST_IDS };
    },
  };
}

function wideEdges(all: Ranges, distinctions: readonly Ranges[]): Edges {
  requireFewIds(distinctions);
  const edges: { value: bigint; id: number }[] = [];
  for (const [id, ranges] of [all, ...distinctions].entries()) {
    for (const [low, high] of ranges) edges.push({ value: BigInt(low), id }, { value: BigInt(high) + 1n, id });
  }
  edges.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  return { length: edges.length, at: (index) => edges[index] ?? { value: 0n, id: 0 } };
}
