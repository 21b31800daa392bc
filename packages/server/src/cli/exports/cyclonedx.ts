import { oneLine } from '@assay/model/safe-text.ts';
import { VERSION } from '../../domain/version.ts';
import {
  type CvssScore,
  type Exported,
  type ExportedExclusion,
  type ExportedFinding,
  type ExportedHost,
  isUndetermined,
  type Vulnerability,
} from './exported.ts';
import { contentId, jsonPieces, moreMembers } from './json-pieces.ts';
import { packageUrl } from './package-url.ts';

/**
 * CycloneDX 1.6: every vulnerability of every host, with the hosts and the packages that are affected as components. What was not
 * assessed is `in_triage` where a CVE is named, a property of its host, and makes the composition of that host incomplete.
 */
export async function* cyclonedx(items: AsyncIterable<Exported>): AsyncGenerator<string, void> {
  const id = contentId();
  const hosts = new Map<string, Device>();
  const notes: Property[] = [];
  let newest: string | undefined;
  const vulnerabilities = (async function* () {
    for await (const item of items) {
      if (newest === undefined || item.createdAt > newest) newest = item.createdAt;
      for (const vulnerability of vulnerabilitiesOf(item, hosts, notes)) {
        id.add(vulnerability);
        yield vulnerability;
      }
    }
  })();
  const before = '{"bomFormat": "CycloneDX",\n"specVersion": "1.6",\n"version": 1,\n"vulnerabilities": ';
  yield* jsonPieces(before, vulnerabilities, () => {
    const rest = {
      components: [...hosts.values()].map(componentOf),
      compositions: [
        ...[...hosts.values()].flatMap(({ host, notes: gaps }) =>
          gaps.length === 0 ? [] : [{ aggregate: 'incomplete', assemblies: [host.arn] }],
        ),
        ...(notes.length === 0 ? [] : [{ aggregate: 'unknown' }]),
      ],
      properties: notes.length === 0 ? undefined : notes,
      metadata: {
        timestamp: newest,
        tools: { components: [{ type: 'application', name: 'Assay', version: VERSION }] },
      },
    };
    id.add(rest);
    return `${moreMembers({ ...rest, serialNumber: id.uuid() })}}`;
  });
}

interface Property {
  readonly name: string;
  readonly value: string;
}

/** A host while its findings go by. */
interface Device {
  readonly host: ExportedHost;
  /** By package URL. */
  readonly packages: Map<string, { readonly name: string; readonly version: string | undefined }>;
  readonly affected: Set<string>;
  readonly notes: Property[];
}

function* vulnerabilitiesOf(
  item: Exported,
  hosts: Map<string, Device>,
  notes: Property[],
): Generator<Record<string, unknown>, void> {
  const deviceOf = (host: ExportedHost): Device => {
    const device = hosts.get(host.arn) ?? { host, packages: new Map(), affected: new Set(), notes: [] };
    hosts.set(host.arn, device);
    return device;
  };
  if (item.kind === 'finding') {
    if (item.vulnerability) yield found(item, item.vulnerability, deviceOf(item.host));
    return;
  }
  const note = { name: 'assay:notAssessed', value: oneLine(`${item.title}: ${item.description}`, 2000) };
  const devices = item.hosts.map(deviceOf);
  if (devices.length === 0) notes.push(note);
  for (const { notes: of } of devices) of.push(note);
  for (const cve of item.vulnerabilities) {
    const open = devices.filter(({ affected }) => !affected.has(cve));
    if (open.length > 0) yield notAssessed(cve, item, open);
  }
}

function found(finding: ExportedFinding, vulnerability: Vulnerability, device: Device): Record<string, unknown> {
  const { host, severity, recommendation } = finding;
  const { id, packages, cvss, epss, state, knownExploited, advisories } = vulnerability;
  const unknown = isUndetermined(vulnerability);
  device.affected.add(id);
  const affects = new Map<string, object>();
  for (const each of packages) {
    const purl = packageUrl(host, each);
    device.packages.set(purl, { name: each.name, version: each.installed });
    const versions =
      each.installed === undefined ? [] : [{ version: each.installed, status: unknown ? 'unknown' : 'affected' }];
    affects.set(purl, { ref: refOf(host, purl), ...(versions.length > 0 && { versions }) });
  }
  return {
    'bom-ref': finding.arn,
    id,
    ...sourceOf(id),
    ratings: [
      { source: { name: 'Assay' }, severity: severities[severity], method: 'other' },
      ...cvss.map(({ version, score, vector }) => ({ score, method: methods[version], vector })),
    ],
    description: finding.title,
    detail: finding.description,
    ...(recommendation && { recommendation }),
    analysis: {
      state: unknown ? 'in_triage' : 'exploitable',
      ...(responses[state ?? 'UNDETERMINED'] && { response: [responses[state ?? 'UNDETERMINED']] }),
      detail: finding.description,
    },
    affects: affects.size > 0 ? [...affects.values()] : [{ ref: host.arn }],
    properties: propertiesOf({
      'assay:host': host.hostname,
      'assay:run': finding.runArn,
      'assay:foundAt': finding.createdAt,
      'assay:state': state,
      'assay:advisories': advisories.join(', '),
      'assay:fixedVersion': [...new Set(packages.flatMap(({ fixed }) => fixed ?? []))].join(', '),
      'assay:knownExploited': knownExploited ? 'true' : undefined,
      'assay:epssScore': epss && String(epss.score),
      'assay:epssPercentile': epss && String(epss.percentile),
    }),
  };
}

const notAssessed = (cve: string, exclusion: ExportedExclusion, devices: readonly Device[]) => ({
  'bom-ref': `${exclusion.arn}#${cve}`,
  id: cve,
  ...sourceOf(cve),
  ratings: [{ source: { name: 'Assay' }, severity: 'unknown', method: 'other' }],
  description: exclusion.title,
  recommendation: exclusion.recommendation,
  analysis: { state: 'in_triage', detail: `Not assessed. ${exclusion.description}` },
  affects: devices.map(({ host }) => ({ ref: host.arn })),
  properties: propertiesOf({ 'assay:run': exclusion.runArn }),
});

const componentOf = ({ host, packages, notes }: Device) => ({
  type: 'device',
  'bom-ref': host.arn,
  name: host.hostname,
  ...(packages.size > 0 && {
    components: [...packages].map(([purl, { name, version }]) => ({
      type: 'library',
      'bom-ref': refOf(host, purl),
      name,
      ...(version !== undefined && { version }),
      purl,
    })),
  }),
  properties: [
    ...propertiesOf({ 'assay:agentId': host.agentId, 'assay:operatingSystem': host.operatingSystem }),
    ...notes,
  ],
});

const refOf = (host: ExportedHost, purl: string): string => `${host.arn}#${purl}`;

const sourceOf = (id: string) =>
  id.startsWith('CVE-')
    ? { source: { name: 'NVD', url: `https://nvd.nist.gov/vuln/detail/${encodeURIComponent(id)}` } }
    : {};

const propertiesOf = (texts: Readonly<Record<string, string | undefined>>): Property[] =>
  Object.entries(texts).flatMap(([name, value]) => (value ? [{ name, value }] : []));

const severities = {
  High: 'high',
  Medium: 'medium',
  Low: 'low',
  Informational: 'info',
  Undefined: 'unknown',
} as const;

const methods: Readonly<Record<CvssScore['version'], string>> = {
  '2.0': 'CVSSv2',
  '3.0': 'CVSSv3',
  '3.1': 'CVSSv31',
  '4.0': 'CVSSv4',
};

const responses: Readonly<Partial<Record<NonNullable<Vulnerability['state']>, string>>> = {
  REBOOT_NEEDED: 'update',
  FIX_AVAILABLE: 'update',
  NEEDS_PRO: 'update',
  WILL_NOT_FIX: 'will_not_fix',
  END_OF_LIFE: 'can_not_fix',
};
