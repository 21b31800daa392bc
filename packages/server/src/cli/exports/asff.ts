import { partitionOf } from '@assay/model/arn.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import type { Exported, ExportedExclusion, ExportedFinding, ExportedHost, Vulnerability } from './exported.ts';
import { jsonPieces } from './json-pieces.ts';

/** AWS Security Finding Format, as BatchImportFindings takes it: an array of findings, one a line. */
export const asff = (items: AsyncIterable<Exported>): AsyncIterable<string> =>
  jsonPieces('', elements(items), () => '');

async function* elements(items: AsyncIterable<Exported>): AsyncGenerator<object, void> {
  for await (const item of items) {
    if (item.kind === 'finding') yield findingOf(item);
    else yield exclusionOf(item);
  }
}

function findingOf(finding: ExportedFinding): object {
  const { rule, rulesPackage, rulesPackageArn, severity, vulnerability, host } = finding;
  return {
    ...common(finding),
    GeneratorId: `${rulesPackageArn}/${rule}`.slice(0, 512),
    Types: [typeOf(finding)],
    UpdatedAt: finding.updatedAt,
    Severity: { Label: labels[severity], Original: severity },
    Resources: [resource(finding, host)],
    // A vulnerability is no control that a host fails.
    ...(vulnerability ? { Vulnerabilities: [vulnerabilityOf(vulnerability)] } : { Compliance: { Status: 'FAILED' } }),
    ProductFields: fields({
      'assay/rule': rule,
      'assay/rulesPackage': rulesPackage,
      'assay/run': finding.runArn,
      'assay/state': vulnerability?.state,
      'assay/advisories': vulnerability?.advisories.join(', '),
      'assay/epssPercentile': vulnerability?.epss && String(vulnerability.epss.percentile),
    }),
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
  };
}

/** Source: the types taxonomy for ASFF. */
function typeOf({ vulnerability, benchmark }: ExportedFinding): string {
  const checks = 'Software and Configuration Checks';
  if (vulnerability) return `${checks}/Vulnerabilities/CVE`;
  return benchmark ? `${checks}/Industry and Regulatory Standards/CIS Host Hardening Benchmarks` : checks;
}

/** What was not assessed: WARNING is ASFF's word for information that is missing. */
function exclusionOf(exclusion: ExportedExclusion): object {
  const { hosts, rulesPackages } = exclusion;
  return {
    ...common(exclusion),
    GeneratorId: `assay/not-assessed/${exclusion.title}`.slice(0, 512),
    Types: ['Software and Configuration Checks'],
    UpdatedAt: exclusion.createdAt,
    Severity: { Label: 'INFORMATIONAL', Original: 'Not assessed' },
    Resources:
      hosts.length === 0
        ? [{ Type: 'Other', Id: exclusion.runArn, ...place(exclusion) }]
        : hosts.slice(0, 32).map((host) => resource(exclusion, host)),
    Compliance: { Status: 'WARNING' },
    ProductFields: fields({ 'assay/run': exclusion.runArn, 'assay/rulesPackage': rulesPackages.join(', ') }),
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
  };
}

type Placed = Pick<Exported, 'account' | 'region'>;

const place = ({ region }: Placed) => ({ Partition: partitionOf(region), Region: region });

const common = (item: Exported) => ({
  SchemaVersion: '2018-10-08',
  Id: item.arn,
  ProductArn: `arn:${partitionOf(item.region)}:securityhub:${item.region}:${item.account}:product/${item.account}/default`,
  ProductName: 'Assay',
  CompanyName: 'Assay',
  Region: item.region,
  AwsAccountId: item.account,
  CreatedAt: item.createdAt,
  Title: oneLine(item.title, 256),
  Description: clip(item.description || item.title, 1024),
  ...(item.recommendation && { Remediation: { Recommendation: { Text: clip(item.recommendation, 512) } } }),
});

const resource = (placed: Placed, { arn, agentId, hostname, operatingSystem }: ExportedHost) => ({
  Type: 'Other',
  Id: arn,
  ...place(placed),
  Details: { Other: fields({ hostname, agentId, operatingSystem }) },
});

const vulnerabilityOf = ({ id, packages, cvss, epss, knownExploited }: Vulnerability) => ({
  Id: id,
  ...(packages.length > 0 && {
    VulnerablePackages: packages.map((each) => ({
      Name: each.name,
      ...(each.installed !== undefined && { Version: each.installed }),
      ...(each.fixed !== undefined && { FixedInVersion: each.fixed }),
    })),
  }),
  ...(cvss.length > 0 && {
    Cvss: cvss.map(({ version, score, vector }) => ({ Version: version, BaseScore: score, BaseVector: vector })),
  }),
  ...(epss && { EpssScore: epss.score }),
  ...(knownExploited && { ExploitAvailable: 'YES' }),
  FixAvailable: packages.some(({ fixed }) => fixed !== undefined) ? 'YES' : 'NO',
});

/** ASFF has no word for a severity that nobody has given: `Original` has it. */
const labels = {
  High: 'HIGH',
  Medium: 'MEDIUM',
  Low: 'LOW',
  Informational: 'INFORMATIONAL',
  Undefined: 'INFORMATIONAL',
} as const;

/** A map of texts. */
const fields = (texts: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text ? [[name, oneLine(text, 1024)] as const] : [])),
  );

const clip = (text: string, max: number): string =>
  text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
