import type { AffectedPackage } from '../../domain/advisories.ts';
import type { Lookup } from './packages.ts';

/** True for a record's entry about packages of a module (RHEL 8 and what is built from it). */
export const isModular = ({ ranges, module }: AffectedPackage): boolean =>
  module !== undefined ||
  ranges.some((events) => events.some((event) => 'fixed' in event && /\.module[_+]/.test(event.fixed)));

/**
 * Whether an entry speaks of an installed package: builds of a module stream only of packages of that stream, others only of
 * packages that are from no module. `why` is there when it does not, or (UNSURE) when it could not be told.
 */
export function speaksOf(
  entry: AffectedPackage,
  { stream, enabledStreams = [] }: Lookup,
  summary: () => string,
): { readonly speaks: 'YES' } | { readonly speaks: 'NO' | 'UNSURE'; readonly why: string } {
  if (!isModular(entry)) {
    if (stream === undefined) return { speaks: 'YES' };
    return { speaks: 'NO', why: `the record is not about a module, and the package is from ${stream ?? 'one'}` };
  }
  if (stream === undefined) return { speaks: 'NO', why: 'the record is about a module, and the package is from none' };
  const streams = entry.module === undefined ? streamsIn(summary()) : [entry.module];
  if (stream === null) {
    // Only one stream of a module can be enabled: what a record says of another is not about the package.
    const others = streams.flatMap((each) => enabledStreams.filter((enabled) => isOther(enabled, each)));
    if (streams.length > 0 && others.length === streams.length) {
      return { speaks: 'NO', why: `the record is about ${streams.join(', ')}, and ${others.join(', ')} is enabled` };
    }
    if (streams.some((each) => enabledStreams.includes(each))) return { speaks: 'YES' };
    return { speaks: 'UNSURE', why: 'the package is from a module, and its MODULARITYLABEL is not known' };
  }
  if (streams.includes(stream)) return { speaks: 'YES' };
  return streams.length === 0
    ? {
        speaks: 'UNSURE',
        why: `the record does not say which stream of the module it is about, and ${stream} is installed`,
      }
    : { speaks: 'NO', why: `the record is about ${streams.join(', ')}, and the package is from ${stream}` };
}

/** Another stream of the same module. */
const isOther = (a: string, b: string): boolean => a !== b && a.replace(/:.*$/, '') === b.replace(/:.*$/, '');

/** `nodejs:18` in `Important: nodejs:18 security update`. */
const streamsIn = (summary: string): string[] =>
  [...summary.matchAll(/(?<![\w.+-])([A-Za-z0-9][\w.+-]*:[\w.+-]*\w)/g)].map(([, stream = '']) => stream);
