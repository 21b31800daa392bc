import type { Store } from '../../store/store.ts';

/** The sets of rules packages that a filter on rules packages selects: those with any of them. */
export const rulesPackageSetsWith = async (
  store: Pick<Store, 'rulesPackageSets'>,
  arns: readonly string[] | undefined,
): Promise<readonly number[] | undefined> => arns && store.rulesPackageSets.containing(arns);
