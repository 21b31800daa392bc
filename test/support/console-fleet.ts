import { createHash } from 'node:crypto';
import {
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  type InspectorClient,
} from '@aws-sdk/client-inspector';
import type { Finding } from '../../packages/server/src/domain/finding.ts';
import { numericSeverity } from '../../packages/server/src/domain/severity.ts';
import { recordProbes } from '../../packages/server/src/engine/judging/probes-source.ts';
import { addHost, given, historicRun, idsOf, newId, rulesPackages, scopeOf, someFinding } from './scenario.ts';
import type { TestServer } from './test-server.ts';

const DAY = 86_400_000;

/** What the hosts of {@link addConsoleFleet} have; `hostile` puts markup and the like into every text. */
interface FleetOptions {
  readonly hostile?: string;
  readonly now?: number;
}

/** A fleet as a console shows it. */
export interface ConsoleFleet {
  readonly target: string;
  readonly template: string;
  /** ARNs of runs that have ended, the oldest first. */
  readonly runs: readonly string[];
  readonly hosts: readonly string[];
  readonly findings: readonly string[];
}

const vulnerabilities = [
  {
    cve: 'CVE-2026-1001',
    severity: 'High',
    package: 'openssl',
    installed: '3.0.11-1',
    fixed: '3.0.16-1',
    epss: '0.91',
    exploited: true,
  },
  {
    cve: 'CVE-2026-1002',
    severity: 'High',
    package: 'linux-image-6.1.0-18-amd64',
    installed: '6.1.76-1',
    fixed: '6.1.90-1',
    epss: '0.12',
  },
  {
    cve: 'CVE-2025-2003',
    severity: 'Medium',
    package: 'curl',
    installed: '7.88.1-10',
    fixed: '7.88.1-12',
    epss: '0.034',
  },
  { cve: 'CVE-2025-2004', severity: 'Medium', package: 'libxml2', installed: '2.9.14-1', fixed: '', epss: '0.009' },
  { cve: 'CVE-2024-3005', severity: 'Low', package: 'vim-common', installed: '9.0.1378-2', fixed: '', epss: '0.0004' },
] as const;

const names = ['web-1', 'web-2', 'db-1', 'db-2', 'mail-1', 'build-1'];

/** Six hosts, of which one is silent and one was never assessed, and three runs over the others. */
export async function addConsoleFleet(
  server: TestServer,
  { hostile = '', now = Date.now() }: FleetOptions = {},
): Promise<ConsoleFleet> {
  const client = server.client();
  const { store } = server.service;
  const scope = await scopeOf(server);
  const marked = (text: string): string => (hostile ? `${text} ${hostile}` : text);
  const hosts: string[] = [];
  for (const [index, name] of names.entries()) {
    const host = await addHost(server, {
      hostname: hostile ? `${name}${hostile}`.slice(0, 200) : `${name}.example.net`,
      operatingSystem: index === 4 ? 'Ubuntu 24.04.1 LTS' : 'Debian GNU/Linux 12 (bookworm)',
      ipv4Address: `192.0.2.${10 + index}`,
      privileged: index !== 3,
      tags: [{ key: 'role', value: marked(name.split('-')[0] ?? '') }],
      enrolledAt: now - (40 - index) * DAY,
      seenAt: index === 2 ? now - 3 * DAY : now,
    });
    hosts.push(host.id);
  }
  const template = await namedTemplate(client, marked);
  const [targetId = '', templateId = ''] = idsOf(template);
  const packages = await rulesPackages(client);
  const runs: string[] = [];
  const findings: string[] = [];
  await store.transaction(async (tables) => {
    const probe = (address: string, vantage: string, connected: readonly number[]) => ({
      ...{
        host: given(hosts[0]),
        address,
        zone: 'internet',
        vantage: marked(vantage).slice(0, 60),
        at: now - DAY / 24,
      },
      ...{ connected, refused: [21, 23, 111], silent: [53, ...Array.from({ length: 12 }, (_, at) => 8000 + 3 * at)] },
    });
    const probes = [probe('192.0.2.10', 'office', [22, 80, 443]), probe('2001:db8::10', 'office', [22])];
    await recordProbes(tables.settings, scope, probes, now);
    const set = await tables.rulesPackageSets.idOf(packages);
    for (const [index, age] of [21, 14, 1].entries()) {
      const createdAt = now - age * DAY;
      const found = findingsOf({ targetId, templateId, hosts, packages, createdAt, index, marked });
      const counts = Object.fromEntries(
        (['High', 'Medium', 'Low'] as const).map((name) => [
          name,
          found.filter(({ severity }) => severity === name).length,
        ]),
      );
      const run = {
        ...historicRun({ target: targetId, template: templateId, rulesPackages: set, createdAt }),
        name: marked(`Weekly ${index + 1}`),
        state: 'COMPLETED_WITH_ERRORS' as const,
        completedAt: createdAt + 90_000,
        findingCounts: counts,
        imported: false,
      };
      runs.push(run.id);
      await tables.runs.insertMany(scope, [run]);
      const assessed = hosts.slice(0, 5);
      await tables.runAgents.insertMany(scope, run.id, assessed);
      for (const host of assessed)
        if (host !== hosts[2]) await tables.runAgents.setDelivered(scope, run.id, host, createdAt);
      await tables.runAgents.release(scope, run.id);
      const own = found.map((finding) => ({ ...finding, run: run.id }));
      findings.push(...own.map(({ id }) => id));
      await tables.findings.insertMany(scope, own);
      await tables.exclusions.insertMany(scope, [
        {
          ...{ id: newId(), target: targetId, template: templateId, run: run.id, createdAt },
          subject: `agent-unhealthy/${hosts[2]}`,
          document: {
            title: marked('Agent is unhealthy'),
            description: marked(
              `The agent on ${names[2]} cannot take part: it was not heard for 3 days. The host is not assessed.`,
            ),
            recommendation: marked(
              `See that the agent runs on ${names[2]} and can reach this server, then start a new run.`,
            ),
            scopes: [{ key: 'INSTANCE_ID', value: given(hosts[2]) }],
            attributes: [],
          },
        },
      ]);
    }
  });
  return {
    target: idsOf(template)[0] ?? '',
    template,
    runs: runs.map((id) => `${template}/run/${id}`),
    hosts,
    findings,
  };
}

/** A template of a target of every host, with all rules packages. */
async function namedTemplate(client: InspectorClient, marked: (text: string) => string): Promise<string> {
  const { assessmentTargetArn } = await client.send(
    new CreateAssessmentTargetCommand({ assessmentTargetName: marked('Production').slice(0, 140) }),
  );
  const { assessmentTemplateArn } = await client.send(
    new CreateAssessmentTemplateCommand({
      assessmentTargetArn,
      assessmentTemplateName: marked('Weekly').slice(0, 140),
      durationInSeconds: 900,
      rulesPackageArns: await rulesPackages(client),
    }),
  );
  return given(assessmentTemplateArn);
}

interface Making {
  readonly targetId: string;
  readonly templateId: string;
  readonly hosts: readonly string[];
  readonly packages: readonly string[];
  readonly createdAt: number;
  readonly index: number;
  readonly marked: (text: string) => string;
}

/** What a run finds: the later the run, the less, and always the same. */
function findingsOf({ targetId, templateId, hosts, packages, createdAt, index, marked }: Making): Finding[] {
  return [0, 1, 3, 4].flatMap((at) =>
    vulnerabilities.flatMap((one, place): Finding[] => {
      const host = hosts[at] ?? '';
      const chance = createHash('sha256').update(`${names[at]} ${one.cve}`).digest()[0] ?? 0;
      if (chance % 4 < index && place > 0) return [];
      const attributes = {
        CVE_ID: one.cve,
        package_name: marked(one.package),
        installed_version: one.installed,
        fixed_version: one.fixed,
        EPSS_SCORE: one.epss,
        KNOWN_EXPLOITED: 'exploited' in one ? 'true' : '',
      };
      return [
        {
          ...someFinding({ target: targetId, template: templateId, run: '', agent: host }),
          rule: one.cve,
          rulesPackage: packages.find((arn) => arn.includes('gEjTy7T7')) ?? packages[0] ?? '',
          severity: one.severity,
          numericSeverity: numericSeverity[one.severity],
          createdAt: createdAt + 60_000 + place,
          document: {
            title: marked(`${one.cve} affects ${one.package}`),
            description: marked(
              `On ${names[at]}, ${one.package} ${one.installed} is affected by ${one.cve}. See https://security.example.net/${one.cve}`,
            ),
            recommendation: marked(
              one.fixed ? `Update ${one.package} to ${one.fixed} or newer.` : 'There is no fix yet.',
            ),
            assetAttributes: { schemaVersion: 1, agentId: host, hostname: marked(`${names[at]}.example.net`) },
            attributes: Object.entries(attributes).flatMap(([key, value]) => (value ? [{ key, value }] : [])),
            userAttributes: [],
          },
        },
      ];
    }),
  );
}
