import type { RulesPackage } from '../domain/rules-package.ts';
import { commonVulnerabilitiesAndExposures } from './common-vulnerabilities-and-exposures/index.ts';
import { networkReachability } from './network-reachability/index.ts';
import { securityBestPractices } from './security-best-practices/index.ts';

/** Every rules package that this server evaluates. */
export const rulesPackages: readonly RulesPackage[] = [
  securityBestPractices,
  commonVulnerabilitiesAndExposures,
  networkReachability,
];

/** What is said of the packages that are listed for old templates' sake and cannot be evaluated yet. */
export const listedOnly: readonly Pick<RulesPackage, 'name' | 'shortName' | 'version' | 'description'>[] = [
  {
    name: 'CIS Operating System Security Configuration Benchmarks',
    shortName: 'cis',
    version: '1.0',
    description:
      'Checks hosts against benchmarks aligned with those of the Center for Internet Security. Listed so that existing templates work; a run with it says in an exclusion that it was not evaluated.',
  },
];
