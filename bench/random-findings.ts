import type { Finding } from '../packages/server/src/domain/finding.ts';
import type { Attribute, Severity, Verdict } from '../packages/server/src/domain/rules-package.ts';
import { numericSeverity } from '../packages/server/src/domain/severity.ts';
import { assetAttributes } from '../packages/server/src/engine/judging/asset-attributes.ts';
import type { HostJudgement } from '../packages/server/src/engine/judging/judge-host.ts';
import type { FindingFilter } from '../packages/server/src/store/lists/finding-filter.ts';
import { agentOf } from '../test/support/accuracy/agent-of.ts';

/** Findings and filters that are the same for the same seed: hosts of 20 kinds, judged again and again. */
export interface RandomFindings {
  /** What the CVE package says of the host of a number: some 300 findings of 8 attributes and 1.8 KB. */
  readonly judgement: (host: number) => HostJudgement;
  /** The findings of a run over so many hosts from `first` on, in the store's form, with short texts. */
  readonly run: (first: number, hosts: number, createdAt: number) => Finding[];
  readonly filter: () => FindingFilter;
}

const CVES = 6000;
const KINDS = 20;
const HOSTS = 2000;
const DAY = 86_400_000;
export const BEGIN = Date.UTC(2024, 0, 1);
export const END = BEGIN + 365 * DAY;
const states = ['NO_FIX', 'NO_FIX', 'NO_FIX', 'FIX_AVAILABLE', 'FIX_AVAILABLE', 'WILL_NOT_FIX', 'REBOOT_NEEDED'];
const groups = ['web', 'web', 'db', 'batch', 'canary'];
const severities: readonly Severity[] = ['High', 'Medium', 'Medium', 'Low', 'Low', 'Informational', 'Undefined'];
const words = 'a remote attacker may cause memory to be read after it was freed in the parser of headers'.split(' ');

export const cvePackage = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-gEjTy7T7';
const practices = 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q';

export function randomFindings(random: () => number): RandomFindings {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const newId = (): string => `0-${Array.from({ length: 8 }, () => below(36).toString(36)).join('')}`;
  const prose = (length: number): string => {
    let text = '';
    while (text.length < length) text += `${pick(words)} `;
    return text.trim();
  };
  const cves = Array.from({ length: CVES }, (_, at) => {
    const name = `CVE-${2005 + below(20)}-${1000 + at}`;
    // A few severities are rare together with a few states.
    const severity = at % 997 === 0 ? 'Undefined' : pick(severities);
    const attributes: Attribute[] = [
      { key: 'CVE_ID', value: name },
      { key: 'STATE', value: at % 503 === 0 ? 'DEFERRED' : pick(states) },
      { key: 'package_name', value: `package-${Math.floor(below(400) ** 2 / 400)}` },
      { key: 'installed_version', value: `1:${below(4)}.${below(30)}.${below(9)}-${below(4)}+deb12u${below(6)}` },
      { key: 'ADVISORY_ID', value: `DEBIAN-${name}` },
      { key: 'SEVERITY_SOURCE', value: `rated "${severity}" (DEBIAN-${name}) by the distribution for this package` },
    ];
    if (random() < 0.7) {
      attributes.push(
        { key: 'CVSS3_SCORE', value: (2 + below(80) / 10).toFixed(1) },
        {
          key: 'CVSS3_VECTOR',
          value: `CVSS:3.1/AV:${pick(['N', 'L'])}/AC:${pick(['L', 'H'])}/PR:N/UI:N/S:U/C:H/I:N/A:${pick(['N', 'H'])}`,
        },
      );
    }
    if (at % 211 === 0) attributes.push({ key: 'KNOWN_EXPLOITED', value: 'true' });
    return {
      name,
      severity,
      attributes,
      title: `${name} affects package-${at % 400}`,
      description: prose(700 + below(500)),
      recommendation: prose(150),
    };
  });
  // A CVE of a low number is on every kind, one of a high number on one.
  const kinds = Array.from({ length: KINDS }, (_, kind) =>
    cves.filter((_, at) =>
      at < 60 ? true : at < 1500 ? (at * 7 + kind * 3) % KINDS === 0 : (at * 3 + kind) % 23 === 0,
    ),
  );
  const hostOf = (host: number): string => `i-${(host % HOSTS).toString(16).padStart(17, '0')}`;
  const found = (host: number) => (kinds[host % KINDS] ?? []).filter((_, at) => (at * 31 + host) % 12 !== 0);

  const judgement = (host: number): HostJudgement => {
    const agent = agentOf(hostOf(host), `host-${host}.example.org`);
    const asset = assetAttributes(agent, {});
    const own = found(host);
    return {
      verdicts: own.map(
        ({ name, severity, attributes, title, description, recommendation }): Verdict => ({
          ruleId: name,
          outcome: 'FINDING',
          observations: [{ source: `DEBIAN-${name}`, observed: 'every version is affected, none has the fix' }],
          finding: {
            title: `On instance ${agent.hostname}, ${title}`,
            description,
            recommendation,
            severity,
            attributes,
            state: 'NO_FIX',
            packages: [
              {
                name: 'package',
                sourceName: 'package',
                installedVersion: '1.0-1',
                fixedVersion: null,
                state: 'NO_FIX',
              },
            ],
          },
        }),
      ),
      findings: own.map(({ name, severity, attributes, title, description, recommendation }, verdict) => ({
        verdict,
        rule: name,
        severity,
        numericSeverity: numericSeverity[severity],
        document: {
          schemaVersion: 1,
          title: `On instance ${agent.hostname}, ${title}`,
          description,
          recommendation,
          confidence: 10,
          indicatorOfCompromise: false,
          assetAttributes: asset,
          attributes: [...attributes, { key: 'INSTANCE_ID', value: agent.id }],
        },
      })),
      exclusions: [],
    };
  };

  const target = newId();
  const templates = Array.from({ length: 20 }, newId);
  const runs: string[] = [];
  const run = (first: number, hosts: number, createdAt: number): Finding[] => {
    const id = newId();
    if (runs.length < 5000) runs.push(id);
    const template = pick(templates);
    const userAttributes = [
      { key: 'team', value: `team-${below(8)}` },
      ...(random() < 0.02 ? [{ key: 'ticket', value: `T-${below(1000)}` }] : []),
    ];
    return Array.from({ length: hosts }, (_, at) => first + at).flatMap((host) => {
      const agent = hostOf(host);
      return found(host).map(({ name, severity, attributes }, at): Finding => {
        const practice = at % 40 === 39;
        return {
          id: newId(),
          target,
          template,
          run: id,
          agent,
          autoScalingGroup: host % 3 === 0 ? null : (groups[host % groups.length] ?? null),
          rulesPackage: practice ? practices : cvePackage,
          rule: practice ? `Rule ${at % 7}` : name,
          severity,
          numericSeverity: numericSeverity[severity],
          document: {
            title: name,
            attributes: practice
              ? [{ key: 'INSTANCE_ID', value: agent }]
              : [...attributes, { key: 'INSTANCE_ID', value: agent }],
            userAttributes,
          },
          verdict: null,
          createdAt: createdAt + host,
          updatedAt: createdAt + host,
        };
      });
    });
  };

  const some = <T>(most: number, one: () => T): T[] => [...new Set(Array.from({ length: 1 + below(most) }, one))];
  const maybe = <T>(share: number, one: () => T): T | undefined => (random() < share ? one() : undefined);
  const attribute = () =>
    pick([
      () => ({ key: 'CVE_ID', value: pick(cves).name }),
      () => ({ key: 'STATE', value: pick([...states, 'DEFERRED']) }),
      () => ({ key: 'package_name', value: `package-${below(400)}` }),
      () => ({ key: 'package_name', value: `package-${below(10)}` }),
      () => ({ key: 'CVSS3_SCORE', value: (2 + below(80) / 10).toFixed(1) }),
      () => ({ key: 'INSTANCE_ID', value: hostOf(below(HOSTS)) }),
      () => ({ key: pick(['CVE_ID', 'STATE', 'CVSS3_SCORE', 'KNOWN_EXPLOITED', 'fixed_version']) }),
      () => ({ key: 'KNOWN_EXPLOITED', value: 'true' }),
      () => ({ key: 'STATE', value: 'no such state' }),
    ])();
  const userAttribute = () =>
    pick([
      () => ({ key: 'team', value: `team-${below(9)}` }),
      () => ({ key: 'team' }),
      () => ({ key: 'ticket', value: `T-${below(1000)}` }),
      () => ({ key: 'ticket' }),
    ])();
  const time = () => {
    const width = pick([3_600_000, DAY, 30 * DAY, 400 * DAY]);
    const begin = Math.floor(BEGIN - DAY + random() * (END - BEGIN));
    return pick([{ begin, end: begin + width }, { begin }, { end: begin }]);
  };
  const filter = (): FindingFilter => {
    // From one part in a while to nearly all at once.
    const share = pick([0.1, 0.25, 0.4, 0.7]);
    return {
      runs: maybe(share / 2, () => some(pick([1, 5, 50]), () => (random() < 0.1 ? newId() : pick(runs)))),
      agents: maybe(share, () => some(pick([1, 5, 50]), () => hostOf(below(HOSTS + 20)))),
      autoScalingGroups: maybe(share / 2, () => some(2, () => pick([...groups, 'none']))),
      rules: maybe(share, () =>
        some(pick([1, 5, 50]), () => pick([pick(cves).name, cves[below(60)]?.name ?? '', 'Rule 3'])),
      ),
      severities: maybe(share, () => some(pick([1, 3]), () => pick(severities))),
      rulesPackages: maybe(share, () => some(2, () => pick([cvePackage, practices]))),
      attributes: maybe(share, () => some(pick([1, 2, 4]), attribute)),
      userAttributes: maybe(share / 2, () => some(2, userAttribute)),
      created: maybe(share / 2, time),
    };
  };
  return { judgement, run, filter };
}
