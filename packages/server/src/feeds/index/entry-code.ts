import type { AffectedPackage, Disposition, RangeEvent } from '../../domain/advisories.ts';

/**
 * An entry of a package in few characters: the record, its ranges (a text for the one range from 0 to that fix, 0 for
 * all versions, else the events by their first letters), and what else there is.
 */
export type EntryCode =
  | readonly [record: string, ranges: RangesCode]
  | readonly [record: string, ranges: RangesCode, more: MoreCode];
type RangesCode = string | 0 | readonly (readonly (readonly [letter: string, version: string])[])[];
interface MoreCode {
  readonly u?: string;
  readonly d?: Disposition;
  readonly v?: readonly string[];
  readonly b?: Readonly<Record<string, string>>;
  readonly m?: string;
  readonly r?: string;
  readonly p?: string;
  readonly x?: string;
}

export function encodeEntry({
  record,
  ranges,
  urgency,
  disposition,
  versions,
  binaries,
  module,
  remark,
  repository,
  unreadable,
}: AffectedPackage): EntryCode {
  const more: MoreCode = {
    ...(urgency !== undefined && { u: urgency }),
    ...(disposition !== undefined && { d: disposition }),
    ...(versions !== undefined && { v: versions }),
    ...(binaries !== undefined && { b: binaries }),
    ...(module !== undefined && { m: module }),
    ...(remark !== undefined && { r: remark }),
    ...(repository !== undefined && { p: repository }),
    ...(unreadable !== undefined && { x: unreadable }),
  };
  const code = encodeRanges(ranges);
  return Object.keys(more).length === 0 ? [record, code] : [record, code, more];
}

export function decodeEntry(packageName: string, [record, ranges, more]: EntryCode): AffectedPackage {
  return {
    record,
    package: packageName,
    ranges: decodeRanges(ranges),
    ...(more?.v !== undefined && { versions: more.v }),
    ...(more?.u !== undefined && { urgency: more.u }),
    ...(more?.d !== undefined && { disposition: more.d }),
    ...(more?.b !== undefined && { binaries: more.b }),
    ...(more?.m !== undefined && { module: more.m }),
    ...(more?.r !== undefined && { remark: more.r }),
    ...(more?.p !== undefined && { repository: more.p }),
    ...(more?.x !== undefined && { unreadable: more.x }),
  };
}

function encodeRanges(ranges: AffectedPackage['ranges']): RangesCode {
  const [events, ...others] = ranges;
  const [first, second] = events ?? [];
  if (first && 'introduced' in first && first.introduced === '0' && others.length === 0) {
    if (second === undefined) return 0;
    if (events?.length === 2 && 'fixed' in second) return second.fixed;
  }
  return ranges.map((each) => each.map(encodeEvent));
}

function decodeRanges(code: RangesCode): AffectedPackage['ranges'] {
  if (code === 0) return [[{ introduced: '0' }]];
  if (typeof code === 'string') return [[{ introduced: '0' }, { fixed: code }]];
  return code.map((events) => events.map(decodeEvent));
}

function encodeEvent(event: RangeEvent): readonly [string, string] {
  if ('introduced' in event) return ['i', event.introduced];
  if ('fixed' in event) return ['f', event.fixed];
  if ('lastAffected' in event) return ['a', event.lastAffected];
  return ['l', event.limit];
}

function decodeEvent([letter, version]: readonly [string, string]): RangeEvent {
  if (letter === 'i') return { introduced: version };
  if (letter === 'f') return { fixed: version };
  return letter === 'a' ? { lastAffected: version } : { limit: version };
}
