import { VERSION } from '../../domain/version.ts';
import type { Exported, ExportedExclusion, ExportedFinding, ExportedHost, Vulnerability } from './exported.ts';
import { jsonPieces } from './json-pieces.ts';
import { packageUrl } from './package-url.ts';

/** OCSF 1.3 events, an array with one a line: Vulnerability Finding for vulnerabilities, Compliance Finding for the rest. */
export const ocsf = (items: AsyncIterable<Exported>): AsyncIterable<string> =>
  jsonPieces('', elements(items), () => '');

async function* elements(items: AsyncIterable<Exported>): AsyncGenerator<object, void> {
  for await (const item of items) {
    if (item.kind === 'exclusion') yield exclusionOf(item);
    else if (item.vulnerability) yield vulnerabilityFinding(item, item.vulnerability);
    else yield complianceFinding(item);
  }
}

const classes = {
  2002: 'Vulnerability Finding',
  2003: 'Compliance Finding',
} as const;

/** Source: severity_id of the base event. */
const severityIds = { Undefined: 0, Informational: 1, Low: 2, Medium: 3, High: 4 } as const;

function common(item: Exported, uid: keyof typeof classes, types: readonly string[], updatedAt: string) {
  return {
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    category_name: 'Findings',
    class_uid: uid,
    class_name: classes[uid],
    type_uid: uid * 100 + 1,
    type_name: `${classes[uid]}: Create`,
    time: Date.parse(item.createdAt),
    message: item.title,
    status_id: 1,
    status: 'New',
    metadata: {
      version: '1.3.0',
      uid: item.arn,
      tenant_uid: item.account,
      product: { name: 'Assay', vendor_name: 'Assay', version: VERSION },
    },
    finding_info: {
      uid: item.arn,
      title: item.title,
      desc: item.description,
      types,
      created_time: Date.parse(item.createdAt),
      modified_time: Date.parse(updatedAt),
      product_uid: 'assay',
    },
  };
}

const vulnerabilityFinding = (finding: ExportedFinding, vulnerability: Vulnerability): object => ({
  ...common(finding, 2002, [finding.rulesPackage], finding.updatedAt),
  ...severityOf(finding.severity),
  resources: [resource(finding, finding.host)],
  vulnerabilities: [
    {
      cve: {
        uid: vulnerability.id,
        ...(vulnerability.cvss.length > 0 && {
          cvss: vulnerability.cvss.map(({ version, score, vector }) => ({
            version,
            base_score: score,
            vector_string: vector,
          })),
        }),
        ...(vulnerability.epss && {
          epss: { score: String(vulnerability.epss.score), percentile: vulnerability.epss.percentile },
        }),
      },
      title: finding.title,
      desc: finding.description,
      severity: severityOf(finding.severity).severity,
      vendor_name: 'Assay',
      ...(vulnerability.packages.length > 0 && {
        affected_packages: vulnerability.packages.map((each) => ({
          name: each.name,
          // Required, and not said where the finding is about packages with different versions.
          version: each.installed ?? 'unknown',
          ...(each.fixed !== undefined && { fixed_in_version: each.fixed }),
          purl: packageUrl(finding.host, each),
        })),
      }),
      // That nobody is known to exploit it is not known either.
      ...(vulnerability.knownExploited && { is_exploit_available: true }),
      is_fix_available: vulnerability.packages.some(({ fixed }) => fixed !== undefined),
      ...(finding.recommendation && { remediation: { desc: finding.recommendation } }),
    },
  ],
  unmapped: {
    run: finding.runArn,
    rule: finding.rule,
    ...(vulnerability.state && { state: vulnerability.state }),
    ...(vulnerability.advisories.length > 0 && { advisories: vulnerability.advisories }),
  },
});

const complianceFinding = (finding: ExportedFinding): object => ({
  ...common(finding, 2003, [finding.rulesPackage], finding.updatedAt),
  ...severityOf(finding.severity),
  resources: [resource(finding, finding.host)],
  compliance: { standards: [finding.rulesPackage], control: finding.rule, status_id: 3, status: 'Fail' },
  ...(finding.recommendation && { remediation: { desc: finding.recommendation } }),
  unmapped: { run: finding.runArn, rule: finding.rule },
});

/** Warning: "the compliance check did not yield a result due to missing information". */
const exclusionOf = (exclusion: ExportedExclusion): object => ({
  ...common(exclusion, 2003, ['Not assessed'], exclusion.createdAt),
  ...severityOf('Undefined'),
  resources:
    exclusion.hosts.length === 0
      ? [{ uid: exclusion.runArn, type: 'Assessment run', region: exclusion.region }]
      : exclusion.hosts.map((host) => resource(exclusion, host)),
  compliance: {
    standards: exclusion.rulesPackages.length > 0 ? exclusion.rulesPackages : ['Assay'],
    ...(exclusion.rules.length > 0 && { requirements: exclusion.rules }),
    status_id: 2,
    status: 'Warning',
    status_code: 'NOT_ASSESSED',
    status_detail: exclusion.description,
  },
  remediation: { desc: exclusion.recommendation },
  unmapped: { run: exclusion.runArn },
});

const severityOf = (severity: keyof typeof severityIds) => ({
  severity_id: severityIds[severity],
  severity: severity === 'Undefined' ? 'Unknown' : severity,
});

const resource = ({ region }: Exported, { arn, agentId, hostname, operatingSystem }: ExportedHost) => ({
  uid: arn,
  name: hostname,
  type: 'Host',
  region,
  data: { agentId, ...(operatingSystem !== undefined && { operatingSystem }) },
});
