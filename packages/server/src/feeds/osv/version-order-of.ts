import { apk } from '../../domain/versions/apk.ts';
import { dpkg } from '../../domain/versions/dpkg.ts';
import { rpm } from '../../domain/versions/rpm.ts';
import type { VersionOrder } from '../../domain/versions/version-order.ts';

const ORDERS: readonly (readonly [RegExp, VersionOrder])[] = [
  [/^(?:Debian|Ubuntu)(?::|$)/, dpkg],
  [/^(?:Alpine|Alpaquita|Wolfi|Chainguard)(?::|$)/, apk],
];

/** By which order the versions of an ecosystem's packages are compared. */
export const versionOrderOf = (ecosystem: string): VersionOrder =>
  ORDERS.find(([pattern]) => pattern.test(ecosystem))?.[1] ?? rpm;
