import type { Severity, VulnerabilityState } from '../../domain/rules-package.ts';

/** A host as an export names it. */
export interface ExportedHost {
  /** ARN, or a URI of its own where imported history does not say which agent it had. */
  readonly arn: string;
  /** Empty where that is not known. */
  readonly agentId: string;
  readonly hostname: string;
  /** As its agent reports it; absent where the host is not enrolled here. */
  readonly operatingSystem?: string | undefined;
}

export interface ExportedPackage {
  readonly name: string;
  /** Absent where it is not known: see docs/exports.md. */
  readonly installed?: string | undefined;
  readonly fixed?: string | undefined;
}

export interface CvssScore {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0';
  readonly score: number;
  readonly vector: string;
}

/** Times are ISO 8601 in UTC. */
export interface ExportedFinding {
  readonly kind: 'finding';
  readonly arn: string;
  readonly runArn: string;
  readonly account: string;
  readonly region: string;
  readonly host: ExportedHost;
  readonly rulesPackageArn: string;
  readonly rulesPackage: string;
  readonly rule: string;
  readonly title: string;
  readonly description: string;
  readonly recommendation: string;
  readonly severity: Severity;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Whether its rule is one of a CIS benchmark. */
  readonly benchmark: boolean;
  /** Of a finding about a vulnerability. */
  readonly vulnerability?: Vulnerability | undefined;
}

export interface Vulnerability {
  /** A CVE, or what the distribution calls one that has none. */
  readonly id: string;
  /** Absent in history that was imported. */
  readonly state?: VulnerabilityState | undefined;
  readonly packages: readonly ExportedPackage[];
  readonly advisories: readonly string[];
  readonly cvss: readonly CvssScore[];
  /** Shares of one. */
  readonly epss?: { readonly score: number; readonly percentile: number } | undefined;
  readonly knownExploited: boolean;
}

/** What a run did not assess. */
export interface ExportedExclusion {
  readonly kind: 'exclusion';
  readonly arn: string;
  readonly runArn: string;
  readonly account: string;
  readonly region: string;
  /** None: it holds for every host of the run. */
  readonly hosts: readonly ExportedHost[];
  readonly rulesPackages: readonly string[];
  readonly rules: readonly string[];
  /** The CVEs that it names. */
  readonly vulnerabilities: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly recommendation: string;
  /** When its run ended. */
  readonly createdAt: string;
}

export type Exported = ExportedFinding | ExportedExclusion;

/** Writes findings, and after them the exclusions of their runs, as one document, piece by piece. */
export type ExportFormat = (items: AsyncIterable<Exported>) => AsyncIterable<string>;

/** Whether the distribution itself does not know: neither affected nor not affected. */
export const isUndetermined = ({ state }: Vulnerability): boolean => state === 'UNDETERMINED';
