import { exploitationOf } from '@assay/model/exploitation.ts';
import type { Severity } from '../../domain/rules-package.ts';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { NewestOfHost } from '../../store/lists/newest-of-hosts.ts';
import type { Store } from '../../store/store.ts';
import { packagesIn } from '../../store/tables/finding-terms.ts';

/** What a rules package found on a host in the newest run that assessed the host by it. */
export interface CurrentFinding {
  readonly id: string;
  readonly run: NewestOfHost;
  readonly agent: string;
  readonly rulesPackage: string;
  readonly rule: string;
  /** What people call the rule, where that is not its name: section and title of a benchmark's rule. */
  readonly title: string | undefined;
  readonly severity: Severity;
  readonly packages: readonly string[];
  readonly fixed: boolean;
  readonly knownExploited: boolean;
  readonly epss: number | undefined;
  /** About a port that can be reached and that no process listens on. */
  readonly closedPort: boolean;
}

/** The findings of the fleet as it stands. */
export interface CurrentFindings {
  /** The newest run of each host and rules package: what the findings are of. */
  readonly assessed: readonly (NewestOfHost & { readonly rulesPackage: string })[];
  readonly findings: readonly CurrentFinding[];
  /** False where there are more findings than are held: counts are lower bounds then. */
  readonly complete: boolean;
}

export type ReadCurrentFindings = (scope: number) => Promise<CurrentFindings>;

/** Findings that are held of a scope, and those that are read at once. */
const MOST = 400_000;
const BATCH = 4000;
/** Scopes whose findings stay in memory. */
const SCOPES = 2;
/** How long which runs are the newest is believed while no run begins or ends, in milliseconds: a run may be deleted. */
const BELIEVED = 60_000;
/** Runs in progress that are told apart. */
const GOING = 1000;

type Read = Pick<Store, 'runAgents' | 'findings' | 'rulesPackageSets' | 'agents' | 'runs'>;

/**
 * Reads what was found on the hosts that are enrolled, in the newest run of each rules package. Runs that have ended do not
 * change: what was read is kept until a newer run ends, a host goes or a run is deleted.
 */
export function createCurrentFindings(store: Read, now: () => number): ReadCurrentFindings {
  const newest = createNewestRuns(store, now);
  const kept = new Map<number, { readonly key: string; readonly findings: Promise<CurrentFindings> }>();
  return async (scope) => {
    const assessed = await assessedNow(store, scope, await newest(scope));
    const key = assessed.map(({ agent, rulesPackage, run }) => `${agent} ${rulesPackage} ${run}`).join('\n');
    const before = kept.get(scope);
    if (before?.key === key) return before.findings;
    const findings = readFindings(store, scope, assessed);
    kept.delete(scope);
    kept.set(scope, { key, findings });
    for (const old of [...kept.keys()].slice(0, -SCOPES)) kept.delete(old);
    findings.catch(() => kept.delete(scope));
    return findings;
  };
}

/**
 * The newest runs of all hosts. Finding them reads the hosts of every run that there was, so they are found again only when a
 * run has begun or ended, in this server or another.
 */
function createNewestRuns(store: Read, now: () => number): (scope: number) => Promise<readonly NewestOfHost[]> {
  const kept = new Map<
    number,
    { readonly mark: string; readonly at: number; readonly runs: Promise<NewestOfHost[]> }
  >();
  return async (scope) => {
    const [last] = await store.runs.list(scope, {}, undefined, 1);
    const mark = [last?.id ?? '', ...(await store.runs.going(scope, GOING))].join(' ');
    const before = kept.get(scope);
    if (before?.mark === mark && now() - before.at < BELIEVED) return before.runs;
    const runs = store.runAgents.newestOfHosts(scope);
    kept.delete(scope);
    kept.set(scope, { mark, at: now(), runs });
    for (const old of [...kept.keys()].slice(0, -SCOPES)) kept.delete(old);
    runs.catch(() => kept.delete(scope));
    return runs;
  };
}

/** Of each host that is enrolled and each rules package, the newest run, by host and package. */
async function assessedNow(
  store: Read,
  scope: number,
  newest: readonly NewestOfHost[],
): Promise<CurrentFindings['assessed']> {
  const enrolled = new Set(await store.agents.enrolled(scope));
  const packages = await store.rulesPackageSets.arnsOf([...new Set(newest.map((each) => each.rulesPackages))]);
  const found = new Map<string, CurrentFindings['assessed'][number]>();
  for (const run of newest) {
    if (!enrolled.has(run.agent)) continue;
    for (const rulesPackage of packages.get(run.rulesPackages) ?? []) {
      const key = `${run.agent} ${rulesPackage}`;
      const other = found.get(key);
      if (!other || other.createdAt < run.createdAt) found.set(key, { ...run, rulesPackage });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run);
}

async function readFindings(
  store: Read,
  scope: number,
  assessed: CurrentFindings['assessed'],
): Promise<CurrentFindings> {
  const counted = new Map(assessed.map((each) => [`${each.run} ${each.agent} ${each.rulesPackage}`, each]));
  const findings: CurrentFinding[] = [];
  // Many findings say the same.
  const texts = new Map<string, string>();
  const shared = (text: string): string => {
    const kept = texts.get(text) ?? text;
    texts.set(text, kept);
    return kept;
  };
  for (const run of new Set(assessed.map((each) => each.run))) {
    let after: { readonly at: number; readonly id: string } | undefined;
    for (;;) {
      const rows = await store.findings.attributesOfRun(scope, run, after, BATCH);
      for (const { id, agent, rulesPackage, rule, severity, attributes } of rows) {
        const of = counted.get(`${run} ${agent} ${rulesPackage}`);
        if (!of) continue;
        if (findings.length === MOST) return { assessed, findings, complete: false };
        const { knownExploited, epss } = exploitationOf(attributes);
        const value = (name: string): string | undefined => attributes.find(({ key }) => key === name)?.value;
        const title = value('BENCHMARK_RULE_ID');
        findings.push({
          ...{ id, run: of, agent: of.agent, rulesPackage: of.rulesPackage, severity, knownExploited, epss },
          rule: shared(rule),
          title: title === undefined ? undefined : shared(title),
          packages: packagesIn(value('package_name') ?? '')
            .filter(Boolean)
            .map(shared),
          fixed: Boolean(value('fixed_version')),
          closedPort: value('RULE_TYPE') === 'RecognizedPortNoListener',
        });
      }
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) break;
      after = { at: last.createdAt, id: last.id };
      await yieldToEventLoop();
    }
  }
  return { assessed, findings, complete: true };
}
