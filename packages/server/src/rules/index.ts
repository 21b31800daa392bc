import type { RulesPackage } from '../domain/rules-package.ts';
import { cisBenchmarks } from './cis-operating-system-security-configuration-benchmarks/index.ts';
import { commonVulnerabilitiesAndExposures } from './common-vulnerabilities-and-exposures/index.ts';
import { networkReachability } from './network-reachability/index.ts';
import { securityBestPractices } from './security-best-practices/index.ts';

/** Every rules package that this server evaluates. */
export const rulesPackages: readonly RulesPackage[] = [
  securityBestPractices,
  commonVulnerabilitiesAndExposures,
  networkReachability,
  cisBenchmarks,
];

/** What is said of packages that are listed for old templates' sake and cannot be evaluated yet: none today. */
export const listedOnly: readonly Pick<RulesPackage, 'name' | 'shortName' | 'version' | 'description'>[] = [];
