import { findingArn, runArn, type Scope } from '@assay/model/arn.ts';
import { assayArn } from '@assay/model/assay/arn.ts';
import type { FindingSummary } from '@assay/model/assay/structures.ts';
import { exploitationOf } from '@assay/model/exploitation.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Finding } from '../../domain/finding.ts';

/** A finding as the Assay API lists it: one line of a table. */
export function findingSummary(scope: Scope, finding: Finding): Static<typeof FindingSummary> {
  const { target, template, run, agent, document } = finding;
  const attribute = (name: string): string | undefined =>
    document.attributes.find(({ key, value }) => key === name && value)?.value;
  const [packageName, installedVersion, fixedVersion] = [
    attribute('package_name'),
    attribute('installed_version'),
    attribute('fixed_version'),
  ];
  const { knownExploited, epss } = exploitationOf(document.attributes);
  return {
    findingArn: findingArn(scope, target, template, run, finding.id),
    assessmentRunArn: runArn(scope, target, template, run),
    ...(agent === null ? {} : { hostArn: assayArn(scope, 'host', agent) }),
    agentId: agent ?? '',
    hostname: hostnameOf(finding),
    rulesPackageArn: finding.rulesPackage,
    ruleName: finding.rule,
    title: document.title ?? finding.rule,
    severity: finding.severity,
    ...(packageName === undefined ? {} : { packageName }),
    ...(installedVersion === undefined ? {} : { installedVersion }),
    ...(fixedVersion === undefined ? {} : { fixedVersion }),
    ...(knownExploited ? { knownExploited } : {}),
    ...(epss === undefined ? {} : { epss }),
    createdAt: finding.createdAt / 1000,
  };
}

/** The name that the host had when it was found there. */
export function hostnameOf({ agent, document }: Pick<Finding, 'agent' | 'document'>): string {
  const asset = document.assetAttributes as { readonly hostname?: string } | undefined;
  return asset?.hostname ?? agent ?? '';
}
