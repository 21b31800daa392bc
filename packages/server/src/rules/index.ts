import type { RulesPackage } from '../domain/rules-package.ts';
import { securityBestPractices } from './security-best-practices/index.ts';

/** Every rules package that this server evaluates. */
export const rulesPackages: readonly RulesPackage[] = [securityBestPractices];
