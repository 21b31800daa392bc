import type { ReactNode } from 'react';
import { useRulesPackages } from '../data/use-rules-packages.ts';

/** Rules packages by their names, which are asked for where something shows one; their ARNs until then. */
export function RulesPackageNames({ arns }: { readonly arns: readonly string[] }): ReactNode {
  const { nameOf } = useRulesPackages();
  return arns.map(nameOf).join(', ');
}
