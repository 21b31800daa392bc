import type { AssayOutput } from '@assay/model/assay/operations.ts';

/** Whether there is anything to judge installed packages by; these kinds only say more of what was found, or of hosts. */
export const hasAdvisories = ({ feeds }: Pick<AssayOutput<'GetOverview'>, 'feeds'>): boolean =>
  feeds.some(({ kind, records }) => records > 0 && !['kev', 'epss', 'ends-of-life'].includes(kind ?? ''));
