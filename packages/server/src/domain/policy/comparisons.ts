import { BlockList, isIP } from 'node:net';
import { arnPattern, matchesArn } from './arn-pattern.ts';
import { matchesGlob } from './glob.ts';
import { patternFrom, patternOf, resolve } from './pattern.ts';
import type { Matcher } from './policy.ts';
import { refuse } from './policy-fault.ts';

/** Compiles a policy's value for an operator. Throws PolicyFault. */
type Compile = (text: string, variables: boolean, place: string) => Matcher;

export interface Comparison {
  readonly compile: Compile;
  readonly negated: boolean;
}

const strings =
  (wildcards: boolean): Compile =>
  (text, variables, place) => {
    const pattern = patternOf(text, { variables, wildcards }, place);
    return (value, lookup) => {
      const glob = resolve(pattern, lookup);
      return glob && matchesGlob(glob, value);
    };
  };

const stringsOfAnyCase: Compile = (text, variables, place) => {
  const pattern = patternOf(text, { variables, wildcards: false }, place);
  return (value, lookup) => {
    const glob = resolve(pattern, lookup);
    return glob && String.fromCodePoint(...glob).toLowerCase() === value.toLowerCase();
  };
};

const arns: Compile = (text, variables, place) => {
  const pattern = arnPattern(text, { variables, wildcards: true }, place);
  return (value, lookup) => {
    const glob = resolve(patternFrom(pattern.pieces), lookup);
    return glob && matchesArn(glob, value);
  };
};

/** Of an order: how a request's value stands to the policy's. */
type Relation = (value: number, wanted: number) => boolean;

const ordered =
  (read: (text: string) => number | undefined, expected: string) =>
  (relation: Relation): Compile =>
  (text, _variables, place) => {
    const wanted = read(text) ?? refuse(place, `must be ${expected}`);
    return (value) => {
      const found = read(value);
      return found !== undefined && relation(found, wanted);
    };
  };

const numbers = ordered(readNumber, 'a number');
const dates = ordered(readDate, 'a date such as 2026-01-31T12:00:00Z, or seconds since 1970');

const booleans: Compile = (text, _variables, place) => {
  const wanted = text.toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') return refuse(place, 'must be true or false');
  return (value) => value.toLowerCase() === wanted;
};

const bytes: Compile = (text, _variables, place) => {
  const wanted = Buffer.from(text, 'base64');
  if (wanted.toString('base64') !== text) return refuse(place, 'must be base64');
  return (value) => Buffer.from(value, 'utf8').equals(wanted);
};

const addresses: Compile = (text, _variables, place) => {
  const [, address = '', length] = /^([0-9A-Fa-f.:]{2,45})(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (version === 0 || prefix > bits) {
    return refuse(place, 'must be an IP address, or a range such as 203.0.113.0/24 or 2001:db8::/32');
  }
  const range = new BlockList();
  range.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  return (value) => isIP(value) === version && range.check(value, version === 4 ? 'ipv4' : 'ipv6');
};

const equal: Relation = (value, wanted) => value === wanted;
const is = (compile: Compile): Comparison => ({ compile, negated: false });
const isNot = (compile: Compile): Comparison => ({ compile, negated: true });

/** Every operator but Null. Source: the IAM user guide's condition operators. */
export const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['StringEquals', is(strings(false))],
  ['StringNotEquals', isNot(strings(false))],
  ['StringEqualsIgnoreCase', is(stringsOfAnyCase)],
  ['StringNotEqualsIgnoreCase', isNot(stringsOfAnyCase)],
  ['StringLike', is(strings(true))],
  ['StringNotLike', isNot(strings(true))],
  ['NumericEquals', is(numbers(equal))],
  ['NumericNotEquals', isNot(numbers(equal))],
  ['NumericLessThan', is(numbers((value, wanted) => value < wanted))],
  ['NumericLessThanEquals', is(numbers((value, wanted) => value <= wanted))],
  ['NumericGreaterThan', is(numbers((value, wanted) => value > wanted))],
  ['NumericGreaterThanEquals', is(numbers((value, wanted) => value >= wanted))],
  ['DateEquals', is(dates(equal))],
  ['DateNotEquals', isNot(dates(equal))],
  ['DateLessThan', is(dates((value, wanted) => value < wanted))],
  ['DateLessThanEquals', is(dates((value, wanted) => value <= wanted))],
  ['DateGreaterThan', is(dates((value, wanted) => value > wanted))],
  ['DateGreaterThanEquals', is(dates((value, wanted) => value >= wanted))],
  ['Bool', is(booleans)],
  ['BinaryEquals', is(bytes)],
  ['IpAddress', is(addresses)],
  ['NotIpAddress', isNot(addresses)],
  ['ArnEquals', is(arns)],
  ['ArnNotEquals', isNot(arns)],
  ['ArnLike', is(arns)],
  ['ArnNotLike', isNot(arns)],
]);

function readNumber(text: string): number | undefined {
  return /^[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?$/.test(text) ? Number(text) : undefined;
}

const DATE =
  /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2}))?)?)?$/;

/** Milliseconds since the epoch of the dates of ISO 8601 that the W3C's note on dates lists, or of epoch seconds. */
function readDate(text: string): number | undefined {
  const [date, year, month = '01', day = '01'] = DATE.exec(text) ?? [];
  if (date === undefined) {
    const seconds = readNumber(text);
    return seconds === undefined ? undefined : seconds * 1000;
  }
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const time = Number(day) > days ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}
