import type { RulesPackage } from '../domain/rules-package.ts';
import { commonVulnerabilitiesAndExposures } from './common-vulnerabilities-and-exposures/index.ts';
import { securityBestPractices } from './security-best-practices/index.ts';

/** Every rules package that this server evaluates. */
export const rulesPackages: readonly RulesPackage[] = [securityBestPractices, commonVulnerabilitiesAndExposures];
