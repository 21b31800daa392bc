import type { Scope } from '@assay/model/arn.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../domain/agent.ts';
import {
  agentAlreadyRunning,
  agentUnhealthy,
  type ExclusionDocument,
  evidenceNotCollected,
  hostForgotten,
  noInstances,
  packageNotAvailable,
  previewFailed,
  unsupportedOs,
} from '../../domain/exclusions.ts';
import { noKnowledge } from '../../domain/knowledge-exclusions.ts';
import type { Template } from '../../domain/template.ts';
import type { Store } from '../../store/store.ts';
import { collectableBy } from '../agents/collectable-by.ts';
import type { KnowledgeSources } from '../judging/knowledge-source.ts';
import { decompress } from '../judging/load-evidence.ts';
import { type CatalogEntry, catalogOf, evidenceNeededBy } from '../judging/rules-package-catalog.ts';
import { type Ago, agentHealth, healthTime } from '../runs/agent-health.ts';
import { busyHosts } from '../runs/busy-hosts.ts';
import { FORGET_HOSTS_AFTER, hostsOfTarget } from '../runs/hosts-of-target.ts';
import type { JobKind } from './job.ts';
import { PROMPT } from './lanes.ts';

/** The most hosts that a preview looks at; a run can have no more by default. */
const MAX_HOSTS = 500;

export interface PreviewDeps {
  readonly store: Store;
  readonly now: () => number;
  readonly ago: Ago;
  readonly knowledge: KnowledgeSources;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly report: (message: string, error: unknown) => void;
  /** Milliseconds that a host may be silent before it leaves its targets. */
  readonly forgetHostsAfter?: number | undefined;
}

/** Works out what a run of a template would not assess if it started now. The job's subject is the preview's token. */
export const preview = ({
  store,
  now,
  ago,
  knowledge,
  isUnavailable,
  report,
  forgetHostsAfter = FORGET_HOSTS_AFTER,
}: PreviewDeps): JobKind => ({
  kind: 'preview',
  lane: PROMPT,
  giveUp: async (tables, { scope, subject }) => {
    const asked = await tables.exclusionPreviews.find(scope, subject);
    if (asked?.exclusions === null) await tables.exclusionPreviews.complete(scope, subject, [previewFailed]);
    return { done: true };
  },
  run: async ({ scope, subject: token }) => {
    const asked = await store.exclusionPreviews.find(scope, token);
    if (!asked || asked.exclusions !== null) return { done: true };
    let exclusions: readonly ExclusionDocument[];
    try {
      exclusions = await predict(store, scope, asked.template, {
        now: now(),
        healthAt: healthTime(ago),
        forgetHostsAfter,
        knowledge,
      });
    } catch (error) {
      if (isUnavailable(error)) throw error;
      // Written all the same: a preview that never completes would keep its template from another.
      report(`The exclusions preview ${token} failed`, error);
      exclusions = [previewFailed];
    }
    await store.exclusionPreviews.complete(scope, token, exclusions);
    return { done: true };
  },
});

async function predict(
  store: Store,
  scope: number,
  templateId: string,
  {
    now,
    healthAt,
    forgetHostsAfter,
    knowledge,
  }: {
    readonly now: number;
    readonly healthAt: number;
    readonly forgetHostsAfter: number;
    readonly knowledge: KnowledgeSources;
  },
): Promise<ExclusionDocument[]> {
  const [template] = await store.templates.findMany(scope, [templateId]);
  const [target] = template ? await store.targets.findMany(scope, [template.target]) : [];
  if (!template || !target) return [];
  const scopeName = await store.scopes.get(scope);
  const packages = await packagesOf(store, scopeName.region, template);
  const hosts = await hostsOfTarget(store, scope, target, undefined, MAX_HOSTS);
  const exclusions = [
    ...packages.filter(({ implementation }) => !implementation).map(packageNotAvailable),
    ...(await lackingKnowledge(knowledge, scope, packages)),
    ...(hosts.length === 0 ? [noInstances(target.name, packages)] : []),
    ...(await alreadyRunning(store, scope, scopeName, hosts)),
    ...hosts.flatMap((host) => {
      if (host.seenAt < now - forgetHostsAfter) return [hostForgotten(host.id, host.hostname, host.seenAt)];
      const { health, detail } = agentHealth(host, healthAt);
      return health === 'HEALTHY' ? [] : [agentUnhealthy(host.id, host.hostname, detail)];
    }),
    ...lackingEvidence(scopeName.region, hosts, packages),
    ...(await unsupported(store, scope, hosts, packages)),
  ];
  return exclusions.map(({ document }) => document);
}

async function packagesOf(store: Store, region: string, { rulesPackages }: Template): Promise<CatalogEntry[]> {
  const arns = (await store.rulesPackageSets.arnsOf([rulesPackages])).get(rulesPackages) ?? [];
  return catalogOf(region).filter(({ arn }) => arns.includes(arn));
}

/** Packages that can judge no host, because what they judge by is absent. */
async function lackingKnowledge(knowledge: KnowledgeSources, scope: number, packages: readonly CatalogEntry[]) {
  const exclusions = [];
  for (const entry of packages) {
    for (const { kind, optional } of entry.implementation?.knowledge ?? []) {
      if (optional) continue;
      const snapshot = await knowledge[kind]?.current(scope);
      if (!snapshot) exclusions.push(noKnowledge(entry, kind));
      snapshot?.release();
    }
  }
  return exclusions;
}

async function alreadyRunning(store: Store, scope: number, scopeName: Scope, hosts: readonly Agent[]) {
  const names = new Map(hosts.map(({ id, hostname }) => [id, hostname]));
  const busy = await busyHosts(store, scope, scopeName, hosts, await store.runAgents.active(scope));
  return busy.map(({ agent, runArn }) => agentAlreadyRunning(agent, names.get(agent) ?? agent, runArn));
}

function lackingEvidence(region: string, hosts: readonly Agent[], packages: readonly CatalogEntry[]) {
  const needed = evidenceNeededBy(
    region,
    packages.map(({ arn }) => arn),
  );
  return hosts.flatMap((host) => {
    const collectable = collectableBy(host, needed);
    const lacking = needed.filter((kind) => !collectable.includes(kind));
    return lacking.length === 0 ? [] : [evidenceNotCollected(host.id, host.hostname, host.agentVersion, lacking)];
  });
}

/** By what each host said of its operating system last; a host that has said nothing yet is not foretold. */
async function unsupported(store: Store, scope: number, hosts: readonly Agent[], packages: readonly CatalogEntry[]) {
  const ids = hosts.map(({ id }) => id);
  const known = new Map<string, EvidenceData<'osRelease'>>();
  for (const { agent, content } of await store.evidence.latest(scope, 'osRelease', ids)) {
    const { data } = JSON.parse((await decompress(content)).toString('utf8')) as { data?: EvidenceData<'osRelease'> };
    if (data) known.set(agent, data);
  }
  return hosts.flatMap(({ id, hostname }) => {
    const os = known.get(id);
    if (!os) return [];
    return packages.flatMap((entry) => {
      const support = entry.implementation?.supports(os);
      return support?.supported === false ? [unsupportedOs(id, hostname, entry, support.reason)] : [];
    });
  });
}
