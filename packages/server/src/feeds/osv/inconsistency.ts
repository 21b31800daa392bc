import type { RangeEvent } from '../../domain/advisories.ts';
import type { VersionOrder } from '../../domain/versions/version-order.ts';
import { versionOrderOf } from './version-order-of.ts';

const PACKAGE_FILE = /\.(?:rpm|deb|apk)$/;
const OF_RPM = /^(?:AlmaLinux|Rocky Linux|Red Hat|SUSE|openSUSE|Amazon Linux|Oracle Linux)(?::|$)/;
const OF_DPKG_OR_APK = /^(?:Debian|Ubuntu|Alpine|Alpaquita|Wolfi|Chainguard)(?::|$)/;

/**
 * What in an entry cannot be so, whatever the installed version is: a package that is named as a file, a fix that is no
 * version of such a package, a range that ends before or where it begins, or begins or ends twice. Undefined where there is nothing.
 */
export function inconsistencyIn(
  ecosystem: string,
  name: string,
  ranges: readonly (readonly RangeEvent[])[],
): string | undefined {
  if (PACKAGE_FILE.test(name)) return 'its package is named as a file';
  const order = versionOrderOf(ecosystem);
  for (const events of ranges) {
    const fix = events.find((event) => 'fixed' in event && event.fixed !== '0' && isNoFix(ecosystem, event.fixed));
    if (fix) return 'a fix is no version';
    const found = disorderIn(events, order);
    if (found) return found;
  }
  return undefined;
}

/**
 * `virt-devel:rhel`, `rhel8`: a module's stream where a version should be. A version of rpm's that begins with a letter
 * (`B.02.19.2-6.el8`) has a release, and those of Debian and Alpine begin with a digit.
 */
const isNoFix = (ecosystem: string, fixed: string): boolean =>
  OF_RPM.test(ecosystem)
    ? /^[^:]*[a-z][^:]*:/i.test(fixed) || /^(?:\d+:)?[^\d-][^-]*$/.test(fixed)
    : OF_DPKG_OR_APK.test(ecosystem) && !/^(?:\d+:)?\d/.test(fixed);

interface Step {
  readonly at: string;
  readonly begins: boolean;
  readonly isFix?: true;
}

function disorderIn(events: readonly RangeEvent[], order: VersionOrder): string | undefined {
  const steps = events.flatMap(stepOf);
  const [first, second, ...others] = steps;
  if (!first || !second) return undefined;
  // Nearly every range there is.
  if (others.length === 0 && first.at === '0' && first.begins && !second.begins) return undefined;
  // What cannot be compared is said of a host that it matters for.
  if (steps.some(({ at }) => at !== '0' && !order.isValid(at))) return undefined;
  const sorted = steps
    .map((step, index) => ({ ...step, index }))
    .sort((a, b) => between(a, b, order) || a.index - b.index);
  for (const [index, { at, begins, isFix }] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before && isFix && before.begins && between(before, { at }, order) === 0) {
      return `its range ends at ${at}, where it begins`;
    }
    if (begins === (index % 2 === 0)) continue;
    if (!before) return `its range ends at ${at} before it begins`;
    return begins
      ? `its range begins twice, at ${before.at} and ${at}`
      : `its range ends twice, at ${before.at} and ${at}`;
  }
  return undefined;
}

const between = (a: Pick<Step, 'at'>, b: Pick<Step, 'at'>, order: VersionOrder): number =>
  a.at === '0' || b.at === '0' ? Number(b.at === '0') - Number(a.at === '0') : order.compare(a.at, b.at);

function stepOf(event: RangeEvent): Step[] {
  if ('introduced' in event) return [{ at: event.introduced, begins: true }];
  if ('fixed' in event) return [{ at: event.fixed, begins: false, isFix: true }];
  return 'lastAffected' in event ? [{ at: event.lastAffected, begins: false }] : [];
}
