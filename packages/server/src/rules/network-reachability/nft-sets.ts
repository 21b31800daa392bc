import { type Answer, decided, NO, negated, unsure } from './answer.ts';
import { BeyondBounds, bounds } from './bounds.ts';
import { isObject, listOf, objectOf, textOf } from './json.ts';
import { nftConstant, partsOf } from './nft-constant.ts';
import { type NftKey, nftKey } from './nft-key.ts';
import type { Packet, Surroundings } from './packet.ts';
import { ALL_PORTS, intersect, NONE, union } from './ranges.ts';
import { type Constant, compare, type Reading } from './reading.ts';
import type { Distinctions, Test } from './ruleset.ts';

/** Named sets and maps of one table by their name, as nft prints them. */
export interface NamedSets {
  readonly find: (name: string) => Readonly<Record<string, unknown>> | undefined;
  readonly distinctions: Distinctions;
  /** Rows of concatenations so far. */
  rows: number;
}

const keysOf = (left: unknown): readonly NftKey[] => partsOf(left).map(nftKey);

/** `left op right` of a match expression. */
export function nftMatch(sets: NamedSets, op: string, left: unknown, right: unknown): Test {
  const keys = keysOf(left);
  const [key] = keys;
  if (!key) return () => unsure('an expression that is not known');
  if (['<', '>', '<=', '>='].includes(op)) return ordered(sets, key, op, right);
  const { elements, changing } = elementsOf(sets, right);
  const test =
    keys.length > 1
      ? concatenated(sets, keys, elements)
      : op === 'in' && isBits(key)
        ? anyBit(key, elements)
        : plain(sets, key, elements);
  const settled: Test =
    changing === undefined ? test : (packet, around) => (read(keys, packet, around) ? unsure(changing) : NO);
  if (op === '==' || op === 'in') return settled;
  if (op !== '!=') return () => unsure(`the operator ${op.slice(0, 20)}`);
  return (packet, around) => (read(keys, packet, around) ? negated(settled(packet, around)) : NO);
}

/** The readings of a concatenation; undefined where the packet lacks one. */
function read(keys: readonly NftKey[], packet: Packet, around: Surroundings): Reading[] | undefined {
  const readings = keys.map((key) => key.read(packet, around));
  return readings.some(({ is }) => is === 'absent') ? undefined : readings;
}

/** The elements of an anonymous or a named set; a constant is a set of one. `changing`: rules add to it. */
function elementsOf(sets: NamedSets, right: unknown): { elements: readonly unknown[]; changing?: string } {
  if (typeof right === 'string' && right.startsWith('@')) {
    const found = sets.find(right.slice(1));
    if (!found) return { elements: [], changing: `the set ${right}, which is not listed` };
    const dynamic = listOf(found.flags).includes('dynamic');
    const elements = listOf(found.elem);
    return dynamic ? { elements, changing: `the set ${right}, which rules change` } : { elements };
  }
  const set = objectOf(right).set;
  return { elements: Array.isArray(set) ? set : Array.isArray(right) ? right : [right] };
}

const isBits = ({ type }: NftKey): boolean => type === 'tcpFlags' || type === 'ctState' || type === 'ctStatus';

function plain(sets: NamedSets, key: NftKey, elements: readonly unknown[]): Test {
  if (key.mask !== undefined) spendRows(sets, MASK_ROWS);
  const constant = nftConstant(key, [...elements]);
  distinguish(sets, key, constant);
  return (packet, around) => compare(packet, key.read(packet, around), constant, key.mask);
}

/** `ct state established,related`: one of the bits is set. */
function anyBit(key: NftKey, elements: readonly unknown[]): Test {
  const constant = nftConstant(key, [...elements]);
  const wanted = (constant.ranges ?? []).reduce((bits, [low, high]) => {
    let all = bits;
    // Flags of nft are below 2¹⁰.
    for (let value = Number(low); value <= Math.min(Number(high), 0xffff); value++) all |= value;
    return all;
  }, 0);
  return (packet, around) => {
    const reading = key.read(packet, around);
    if (reading.is !== 'bits' || constant.unread !== undefined) return compare(packet, reading, constant, key.mask);
    return decided((reading.value & wanted) !== 0);
  };
}

function ordered(sets: NamedSets, key: NftKey, op: string, right: unknown): Test {
  const limit = nftConstant({ ...key, type: key.type }, right).ranges?.[0]?.[0];
  const numbers = key.type === 'port' || key.type === 'sourcePort';
  if (typeof limit !== 'number' || !numbers) return () => unsure(`the operator ${op}`);
  const low = op === '>' ? limit + 1 : op === '>=' ? limit : 0;
  const high = op === '<' ? limit - 1 : op === '<=' ? limit : 65_535;
  const constant: Constant = { ranges: low <= high ? [[low, high]] : NONE };
  distinguish(sets, key, constant);
  return (packet, around) => compare(packet, key.read(packet, around), constant, key.mask);
}

/** What the classes of sources and ports have to tell apart. */
function distinguish({ distinctions }: NamedSets, key: NftKey, { ranges = NONE }: Constant): void {
  if (key.type === 'source') distinctions.sources.push(ranges);
  if (key.type === 'sourcePort') distinctions.sourcePorts.push(ranges);
  if (key.type === 'port') distinctions.ports.push(ranges);
}

type Row = readonly Constant[];

/** A mask over ports is tried with each of them: it counts as so many elements. */
const MASK_ROWS = 100;

function spendRows(sets: NamedSets, rows: number): void {
  sets.rows += rows;
  if (sets.rows > bounds.rows) {
    throw new BeyondBounds(`its maps and concatenated sets have more than ${bounds.rows} elements`);
  }
}

function rowOf(sets: NamedSets, keys: readonly NftKey[], element: unknown): Row {
  spendRows(sets, 1);
  const parts = partsOf(element);
  return keys.map((key, at) => {
    const constant = at < parts.length ? nftConstant(key, parts[at]) : { unread: 'a value that is not known' };
    distinguish(sets, key, constant);
    return constant;
  });
}

/** For which ports a row holds: every part does. */
function compareRow(packet: Packet, keys: readonly NftKey[], readings: readonly Reading[], row: Row): Answer {
  let ports = ALL_PORTS;
  let what: string | undefined;
  for (const [at, constant] of row.entries()) {
    const reading = readings[at];
    if (!reading) return NO;
    const answer = compare(packet, reading, constant, keys[at]?.mask);
    ports = intersect(ports, answer.ports);
    if (ports.length === 0) return NO;
    what ??= answer.unsure;
  }
  return what === undefined ? { ports } : { ports, unsure: what };
}

function concatenated(sets: NamedSets, keys: readonly NftKey[], elements: readonly unknown[]): Test {
  const rows = elements.map((element) => rowOf(sets, keys, element));
  return (packet, around) => {
    const readings = read(keys, packet, around);
    if (!readings) return NO;
    const answers = rows.map((row) => compareRow(packet, keys, readings, row)).filter(({ ports }) => ports.length > 0);
    const sure = union(answers.flatMap((answer) => (answer.unsure === undefined ? answer.ports : [])));
    const open = answers.find((answer) => answer.unsure !== undefined);
    if (!open) return { ports: sure };
    return { ports: union(answers.flatMap(({ ports }) => ports)), unsure: open.unsure ?? '' };
  };
}

/** Which entries of a map a packet's fields choose. Undefined answers are of packets that lack a field. */
export function nftMap<Value>(
  sets: NamedSets,
  left: unknown,
  data: unknown,
  readValue: (json: unknown) => Value,
): (packet: Packet, around: Surroundings) => { readonly answer: Answer; readonly value: Value }[] {
  const keys = keysOf(left);
  const named = typeof data === 'string' && data.startsWith('@') ? sets.find(data.slice(1)) : undefined;
  const listed = named ? listOf(named.elem) : listOf(isObject(data) ? data.set : data);
  const entries = listed.map((entry) => {
    const [key, value] = listOf(entry);
    const wrapped = objectOf(objectOf(entry).elem);
    const [innerKey, innerValue] = listOf(wrapped.val);
    return { row: rowOf(sets, keys, key ?? innerKey), value: readValue(value ?? innerValue) };
  });
  const missing = typeof data === 'string' && !named;
  const changing =
    named && listOf(named.flags).includes('dynamic') ? `the map ${textOf(data)}, which rules change` : undefined;
  return (packet, around) => {
    const readings = read(keys, packet, around);
    if (!readings) return [];
    return entries.flatMap(({ row, value }) => {
      const found = compareRow(packet, keys, readings, row);
      const answer = changing === undefined ? found : { ports: found.ports, unsure: changing };
      return answer.ports.length === 0
        ? []
        : [{ answer: missing ? unsure('a map that is not listed') : answer, value }];
    });
  };
}
