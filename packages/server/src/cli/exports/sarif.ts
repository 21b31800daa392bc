import { VERSION } from '../../domain/version.ts';
import {
  type Exported,
  type ExportedExclusion,
  type ExportedFinding,
  type ExportedHost,
  isUndetermined,
} from './exported.ts';
import { moreMembers } from './json-pieces.ts';
import { packageUrl } from './package-url.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * SARIF 2.1.0, one run: a result for each finding, a notification for each exclusion. What the distribution itself does not know
 * is of the kind `open`: SARIF's word for a rule that could not be decided.
 */
export async function* sarif(items: AsyncIterable<Exported>): AsyncGenerator<string, void> {
  const rules = new Map<string, { readonly index: number; readonly rule: object }>();
  const arrays = [`{"$schema": "${SCHEMA}",\n"version": "2.1.0",\n"runs": [{"results": [`, BETWEEN] as const;
  let at: 0 | 1 = 0;
  let comma = '';
  yield arrays[0];
  for await (const item of items) {
    if (item.kind === 'exclusion' && at === 0) {
      at = 1;
      comma = '';
      yield BETWEEN;
    }
    const element = item.kind === 'finding' ? resultOf(item, rules) : notificationOf(item);
    yield `${comma}\n${JSON.stringify(element)}`;
    comma = ',';
  }
  const driver = {
    name: 'Assay',
    version: VERSION,
    semanticVersion: VERSION,
    rules: [...rules.values()].map(({ rule }) => rule),
  };
  yield `${at === 0 ? BETWEEN : ''}]}]${moreMembers({ columnKind: 'utf16CodeUnits', tool: { driver } })}}]}\n`;
}

/** Every finding stands before the first exclusion. */
const BETWEEN = '],\n"invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [';

function resultOf(
  finding: ExportedFinding,
  rules: Map<string, { readonly index: number; readonly rule: object }>,
): object {
  const { rule, host, vulnerability } = finding;
  const known = rules.get(rule) ?? { index: rules.size, rule: ruleOf(finding) };
  rules.set(rule, known);
  return {
    ruleId: rule,
    ruleIndex: known.index,
    ...(vulnerability && isUndetermined(vulnerability)
      ? { kind: 'open', level: 'none' }
      : { kind: 'fail', level: levels[finding.severity] }),
    message: { text: [finding.title, finding.description, finding.recommendation].filter(Boolean).join('\n\n') },
    locations: [
      {
        ...locationOf(host),
        logicalLocations: [
          hostLocation(host),
          ...(vulnerability?.packages ?? []).map((each) => ({
            name: each.name,
            fullyQualifiedName: packageUrl(host, each),
            kind: 'package',
          })),
        ],
      },
    ],
    partialFingerprints: { 'hostAndRule/v1': `${host.agentId || host.arn}/${rule}` },
    properties: {
      findingArn: finding.arn,
      runArn: finding.runArn,
      severity: finding.severity,
      rulesPackage: finding.rulesPackage,
      createdAt: finding.createdAt,
      ...(vulnerability && {
        packages: vulnerability.packages,
        advisories: vulnerability.advisories,
        knownExploited: vulnerability.knownExploited,
        ...(vulnerability.state && { state: vulnerability.state }),
        ...(vulnerability.epss && { epss: vulnerability.epss }),
      }),
    },
  };
}

const ruleOf = ({ rule, rulesPackage, vulnerability, severity }: ExportedFinding): object => ({
  id: rule,
  name: rule,
  shortDescription: { text: rule },
  fullDescription: { text: `${rule}, of ${rulesPackage}` },
  ...(rule.startsWith('CVE-') && { helpUri: `https://nvd.nist.gov/vuln/detail/${encodeURIComponent(rule)}` }),
  defaultConfiguration: { level: levels[severity] },
  properties: {
    tags: ['security', rulesPackage],
    ...(vulnerability?.cvss[0] && { 'security-severity': vulnerability.cvss[0].score.toFixed(1) }),
  },
});

const notificationOf = (exclusion: ExportedExclusion): object => ({
  descriptor: { id: exclusion.title },
  level: 'warning',
  message: { text: `Not assessed. ${exclusion.description}\n\n${exclusion.recommendation}` },
  timeUtc: exclusion.createdAt,
  ...(exclusion.hosts.length > 0 && {
    locations: exclusion.hosts.map((host) => ({ ...locationOf(host), logicalLocations: [hostLocation(host)] })),
  }),
  properties: {
    exclusionArn: exclusion.arn,
    runArn: exclusion.runArn,
    rulesPackages: exclusion.rulesPackages,
    rules: exclusion.rules,
  },
});

/** Viewers of code want a file: it is called as the host. */
const locationOf = ({ hostname }: ExportedHost) => ({
  physicalLocation: { artifactLocation: { uri: `hosts/${encodeURIComponent(hostname)}` } },
});

const hostLocation = ({ arn, hostname }: ExportedHost) => ({
  name: hostname,
  fullyQualifiedName: arn,
  kind: 'resource',
});

/** Nobody has rated what is Undefined: SARIF's own default. */
const levels = { High: 'error', Medium: 'warning', Low: 'note', Informational: 'note', Undefined: 'warning' } as const;
