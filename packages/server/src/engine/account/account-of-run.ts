import type { Scope } from '@assay/model/arn.ts';
import type { Run } from '../../domain/run.ts';
import type { Store } from '../../store/store.ts';
import { catalogOf } from '../judging/rules-package-catalog.ts';
import {
  type AccountedPackage,
  addRules,
  countOfRules,
  forEveryRule,
  type RulesOfRun,
  rulesOfRun,
  verdictsOnHost,
} from './rules-of-run.ts';
import { type RuleVerdict, unassessed } from './verdict-of-rule.ts';
import { whyNotEvaluated } from './why-not-evaluated.ts';

/** What one package says of one host: one verdict for each of its rules in the run. */
export interface AccountedHost {
  /** Agent id; '' for imported findings that name none. */
  readonly agent: string;
  readonly package: AccountedPackage;
  readonly verdicts: readonly RuleVerdict[];
}

/**
 * The account of a run: for every host, package and rule exactly one verdict, whichever way the run ended. Exit statuses,
 * coverage and reports are views of it.
 */
export interface RunAccount {
  readonly run: Run;
  readonly hosts: number;
  /** How many verdicts each host has. */
  readonly rules: number;
  readonly packages: readonly AccountedPackage[];
  /**
   * Read anew for each time that it is asked for: verdicts of large runs are never all in memory. By host and package, from
   * a host on where one is given, and of these hosts alone.
   */
  readonly entries: (only?: {
    readonly from?: string | undefined;
    readonly agents?: readonly string[] | undefined;
  }) => AsyncGenerator<AccountedHost>;
}

export type AccountStore = Pick<Store, 'runAgents' | 'evaluations' | 'findings' | 'rulesPackageSets'>;

/** Hosts that are read at once. */
const BATCH = 100;

export async function accountOfRun(
  store: AccountStore,
  { region }: Pick<Scope, 'region'>,
  scope: number,
  run: Run,
): Promise<RunAccount> {
  const arns = (await store.rulesPackageSets.arnsOf([run.rulesPackages])).get(run.rulesPackages) ?? [];
  const catalog = catalogOf(region);
  const packages = arns.map((arn) => catalog.find((entry) => entry.arn === arn) ?? { arn, name: arn });
  const members = new Map((await store.runAgents.ofRun(scope, run.id)).map((each) => [each.agent, each]));
  const done = new Set((await store.evaluations.done(scope, run.id)).map(keyOf));
  // Findings outlive verdicts, and are all that imported history has.
  const found = Map.groupBy(await store.findings.keysOfRun(scope, run.id), keyOf);
  const agentsOf = (keys: Iterable<string>): string[] => [...keys].map((key) => key.slice(0, key.indexOf('\n')));
  const hosts = [...new Set([...members.keys(), ...agentsOf(done), ...agentsOf(found.keys())])].sort();

  const rules = new Map(packages.map((each): [string, RulesOfRun] => [each.arn, rulesOfRun(each)]));
  for (const [key, findings] of found) {
    const of = rules.get(key.slice(key.indexOf('\n') + 1));
    if (of && !done.has(key))
      addRules(
        of,
        findings.map(({ rule }) => ({ ruleId: rule, outcome: 'FINDING' })),
      );
  }
  for await (const evaluations of evaluationsOf(store, scope, run, hosts)) {
    for (const { rulesPackage, verdicts } of evaluations) {
      const of = rules.get(rulesPackage);
      if (of) addRules(of, verdicts);
    }
  }

  return {
    run,
    hosts: hosts.length,
    rules: [...rules.values()].reduce((sum, each) => sum + countOfRules(each), 0),
    packages,
    entries: async function* ({ from = '', agents } = {}) {
      const asked = hosts.filter((host) => host >= from && (agents?.includes(host) ?? true));
      for await (const [evaluations, batch] of batchesOf(store, scope, run, asked)) {
        const given = new Map(evaluations.map((each) => [keyOf(each), each.verdicts]));
        for (const agent of batch) {
          for (const of of rules.values()) {
            const key = keyOf({ agent, rulesPackage: of.package.arn });
            const verdicts = given.get(key);
            if (verdicts) {
              yield { agent, package: of.package, verdicts: verdictsOnHost(of, verdicts) };
              continue;
            }
            const because = whyNotEvaluated(run, of.package, members.get(agent));
            const findings = new Set(found.get(key)?.map(({ rule }) => rule));
            yield {
              agent,
              package: of.package,
              verdicts: forEveryRule(of, (rule) =>
                findings.has(rule) ? { rule, outcome: 'FINDING' } : { ...unassessed(rule, because), whole: true },
              ),
            };
          }
        }
      }
    },
  };
}

const keyOf = ({ agent, rulesPackage }: { readonly agent: string; readonly rulesPackage: string }): string =>
  `${agent}\n${rulesPackage}`;

type Evaluations = Awaited<ReturnType<Store['evaluations']['ofAgents']>>;

async function* batchesOf(
  { evaluations }: Pick<Store, 'evaluations'>,
  scope: number,
  run: Run,
  hosts: readonly string[],
): AsyncGenerator<[Evaluations, readonly string[]]> {
  for (let from = 0; from < hosts.length; from += BATCH) {
    const batch = hosts.slice(from, from + BATCH);
    yield [await evaluations.ofAgents(scope, run.id, batch), batch];
  }
}

async function* evaluationsOf(...given: Parameters<typeof batchesOf>): AsyncGenerator<Evaluations> {
  for await (const [evaluations] of batchesOf(...given)) yield evaluations;
}
