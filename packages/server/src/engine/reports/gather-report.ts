import { runArn, targetArn, templateArn } from '@assay/model/arn.ts';
import { knowledgeKinds } from '../../domain/knowledge.ts';
import type { Severity } from '../../domain/rules-package.ts';
import { severities } from '../../domain/severity.ts';
import { VERSION } from '../../domain/version.ts';
import type { ReportReader } from '../../store/tables/report-reader.ts';
import { catalogOf } from '../judging/rules-package-catalog.ts';
import { type FindingName, gatherChanges, nameOf } from './gather-changes.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { gatherFindings } from './gather-findings.ts';
import { gatherVerdicts } from './gather-verdicts.ts';
import { lookedAt } from './looked-at.ts';
import { observationBudget } from './observation-budget.ts';
import { prioritiesOf } from './priorities.ts';
import type { ReportData, ReportExclusion, ReportType } from './report-data.ts';
import { noCounts, type ReportHosts, reportHosts } from './report-hosts.ts';
import { type ReportPackages, reportPackages } from './report-packages.ts';

export interface ReportRequest {
  /** scopes.id */
  readonly scope: number;
  readonly run: string;
  readonly type: ReportType;
  /** When the report was asked for, milliseconds since the epoch. */
  readonly createdAt: number;
  /** Who asked for it: see {@link ReportData.askedBy}. */
  readonly askedBy?: string | undefined;
  /** The public key that the report will be signed with. */
  readonly signedWith?: string | undefined;
}

/** The run is not in the store, or not any more. */
export class NoSuchRunError extends Error {}

/**
 * Reads all that a report says. As many statements for a large run as for a small one, each read row by row: beside what
 * is shown no more than a row is in memory. Throws {@link NoSuchRunError}.
 */
export async function gatherReport(
  reader: ReportReader,
  { scope, run: id, type, createdAt, askedBy, signedWith }: ReportRequest,
): Promise<ReportData> {
  const [run] = await reader.runs.findMany(scope, [id]);
  if (!run) throw new NoSuchRunError(`There is no run ${id}`);
  const { account, region } = await reader.scopes.get(scope);
  const [target] = await reader.targets.findMany(scope, [run.target]);
  const [template] = await reader.templates.findMany(scope, [run.template]);
  const arns = (await reader.rulesPackageSets.arnsOf([run.rulesPackages])).get(run.rulesPackages) ?? [];

  const catalog = catalogOf(region);
  const packages = reportPackages(catalog, arns, run.knowledge?.versions ?? {});
  const hosts = await reportHosts(reader, scope, run, await gatherEvidence(reader, scope, id, type === 'FULL'));
  const budget = observationBudget();
  let evaluations = 0;
  let evaluated = false;
  const looked = lookedAt(catalog);
  const counted = async function* () {
    for await (const evaluation of reader.evaluations.streamOfRun(scope, id)) {
      evaluations++;
      for (const { outcome } of evaluation.verdicts) evaluated ||= outcome !== 'NOT_ASSESSED';
      looked.note(evaluation);
      yield evaluation;
    }
  };
  const verdicts = await gatherVerdicts(counted(), {
    full: type === 'FULL',
    budget,
    hosts,
    packages,
    catalog,
  });
  const found = new Map<string, FindingName & { severity: Severity }>();
  const named = async function* () {
    for await (const finding of reader.findings.streamOfRun(scope, id)) {
      const { agent, rulesPackage, rule, severity } = finding;
      found.set(nameOf(finding), { agent, rulesPackage, rule, severity });
      yield finding;
    }
  };
  const findings = await gatherFindings(named(), { verdicts, hosts, packages });
  const exclusions = await gatherExclusions(reader, scope, id, hosts, packages);

  // It was judged here, hosts delivered, and nothing is left of what was said of each rule.
  const judged = typeof run.knowledge?.at === 'number' && hosts.all().some(({ health }) => health === 'HEALTHY');
  const expired =
    judged && run.completedAt !== null && evaluations === 0 && packages.all().some((each) => each.evaluated);

  const counts = noCounts();
  for (const each of packages.all()) for (const severity of severities) counts[severity] += each.counts[severity];
  const changes = run.imported
    ? undefined
    : await gatherChanges(reader, scope, run, { found, lookedAt: looked.at, hosts, packages });
  const { origin, knowledge } = run;
  return {
    type,
    createdAt,
    askedBy,
    assay: VERSION,
    signedWith,
    account,
    region,
    run: {
      name: run.name,
      arn: runArn({ account, region }, run.target, run.template, run.id),
      state: run.state,
      startedBy: origin && (origin.accessKeyId ?? 'assay'),
      tags: origin && (origin.tags ?? null),
      evaluatedAt: knowledge?.at ?? undefined,
      evaluatedBy: knowledge?.assay,
      evidenceOf: knowledge?.evidenceOf,
      target: { name: target?.name, arn: targetArn({ account, region }, run.target) },
      template: { name: template?.name, arn: templateArn({ account, region }, run.target, run.template) },
      createdAt: run.createdAt,
      startedAt: run.startedAt,
      completedAt: run.completedAt,
      duration: run.duration,
      stateChanges: run.stateChanges,
      userAttributes: run.userAttributes,
      imported: run.imported,
      ...(expired ? { verdictsExpired: true } : run.imported ? {} : { evaluated }),
    },
    counts,
    packages: packages.all(),
    hosts: hosts.all(),
    knowledge: knowledgeKinds.flatMap((kind) => {
      const reference = knowledge?.[kind];
      if (!reference) return [];
      return [{ kind, name: reference.generation, digest: reference.digest, sources: reference.feeds }];
    }),
    priorities: prioritiesOf(findings),
    changes,
    findings,
    exclusions,
    // Of imported history and of what has expired nobody knows which rules passed: "no host was judged" would be untrue.
    rules: type === 'FULL' ? (expired || run.imported ? [] : verdicts.rules(findings)) : undefined,
    observationsLeftOut: budget.leftOut(),
  };
}

async function gatherExclusions(
  reader: Pick<ReportReader, 'exclusions'>,
  scope: number,
  run: string,
  hosts: ReportHosts,
  packages: ReportPackages,
): Promise<ReportExclusion[]> {
  const exclusions: ReportExclusion[] = [];
  for await (const { document } of reader.exclusions.streamOfRun(scope, run)) {
    const named = (key: string): string[] =>
      document.scopes.flatMap((each) => (each.key === key && each.value !== undefined ? [each.value] : []));
    exclusions.push({
      title: document.title,
      description: document.description,
      recommendation: document.recommendation,
      hosts: named('INSTANCE_ID').map((agent) => hosts.of(agent, undefined)),
      packages: named('RULES_PACKAGE_ARN').map(packages.of),
    });
  }
  return exclusions;
}
