import type { AssayOutput } from '@assay/model/assay/operations.ts';

/** Whether there is anything to judge installed packages by; KEV and EPSS only say more of what was found. */
export const hasAdvisories = ({ feeds }: Pick<AssayOutput<'GetOverview'>, 'feeds'>): boolean =>
  feeds.some(({ kind, records }) => records > 0 && kind !== 'kev' && kind !== 'epss');
