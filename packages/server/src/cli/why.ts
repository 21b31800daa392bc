import { printable } from '@assay/agent/printable.ts';
import { runArn, type Scope } from '@assay/model/arn.ts';
import { Command } from 'commander';
import { referenceOf } from '../engine/judging/advisory-source.ts';
import { loadEvidence } from '../engine/judging/load-evidence.ts';
import { feedsDirectory } from '../feeds/feeds-directory.ts';
import { explain } from '../rules/common-vulnerabilities-and-exposures/explain.ts';
import { type OpenAdvisorySource, openAdvisorySource } from '../runtime/advisory-source.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { report } from '../runtime/report.ts';
import type { Store } from '../store/store.ts';
import type { Agent } from '../store/tables/agents.ts';
import type { Run } from '../store/tables/runs.ts';
import { findRun } from './runs/find-run.ts';
import { printExplanation, type Why } from './runs/print-explanation.ts';
import { type ScopeOptions, withScope, withStore } from './runs/scoped-store.ts';

interface WhyOptions extends ScopeOptions {
  readonly run?: string;
  readonly json?: boolean;
}

export const whyCommand = (): Command =>
  withScope(new Command('why'))
    .description('Say whether a CVE affects a host, and because of what')
    .argument('<host>', 'agent id or host name')
    .argument('<cve>', 'CVE-YYYY-NNNN')
    .option('--run <run>', 'ARN or id of the run whose evidence is asked (default: the newest)')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExit status: 0 not affected, 1 affected, 2 not assessed.')
    .action((host: string, cve: string, options: WhyOptions) =>
      withStore(options, async (store, scope) => {
        const source = openAdvisorySource(feedsDirectory(dataDirectoryPath(options.dataDir)), report);
        try {
          const why = await answer(store, source, { host, cve: cveOf(cve), scope, run: options.run });
          if (options.json) process.stdout.write(`${JSON.stringify(why, undefined, 2)}\n`);
          else printExplanation(why, process.stdout);
          process.exitCode = { NOT_AFFECTED: 0, AFFECTED: 1, NOT_ASSESSED: 2 }[why.outcome];
        } finally {
          source.close();
        }
      }),
    );

interface Question {
  readonly host: string;
  readonly cve: string;
  readonly scope: Scope;
  readonly run: string | undefined;
}

async function answer(
  store: Store,
  source: OpenAdvisorySource,
  { host, cve, scope, run: named }: Question,
): Promise<Why> {
  const asked = named === undefined ? undefined : await findRun(store, scope, named);
  const scopeName = asked?.scopeName ?? scope;
  const id = asked?.scope ?? (await store.scopes.idOf(scope));
  const { agent, run } = await evidenceOf(store, id, host, asked?.run);
  const evidence = await loadEvidence(store.evidence, id, run.id, agent.id);
  const wanted = run.knowledge?.advisories;
  const own = wanted && source.named(wanted.generation);
  const generation = own ?? source.current();
  try {
    // The time of the run's judgement goes with its advisories: a release may have reached its end since.
    const at = own ? (run.knowledge?.at ?? Date.now()) : Date.now();
    const explanation = explain(evidence, { at, ...(generation ? { advisories: generation.advisories } : {}) }, cve);
    return {
      ...explanation,
      host: { agentId: agent.id, hostname: agent.hostname },
      runArn: runArn(scopeName, run.target, run.template, run.id),
      advisories: generation ? { of: own ? 'run' : 'now', feeds: referenceOf(generation).feeds } : null,
    };
  } finally {
    generation?.release();
  }
}

/** The host, and the run whose evidence of it is asked. A name that several agents had means the one seen last. */
async function evidenceOf(
  store: Store,
  scope: number,
  host: string,
  run: Run | undefined,
): Promise<{ agent: Agent; run: Run }> {
  const byId = /^i-[0-9a-f]{17}$/.test(host) ? await store.agents.findMany(scope, [host]) : [];
  const agents = byId.length > 0 ? byId : await store.agents.named(scope, host);
  if (agents.length === 0) throw new CliError(`No host is called ${host} here. List them: npx assay agents list`);
  const sorted = agents.toSorted((a, b) => b.seenAt - a.seenAt);
  if (run) {
    const documents = await store.evidence.list(
      scope,
      run.id,
      sorted.map(({ id }) => id),
    );
    const agent = sorted.find(({ id }) => documents.some((document) => document.agent === id));
    if (!agent) throw new CliError(`The run ${run.id} has no evidence of ${host}.`);
    if ((await store.evidence.load(scope, run.id, agent.id)).length === 0) throw expired(run);
    return { agent, run };
  }
  const newest = await store.evidence.newestRuns(
    scope,
    sorted.map(({ id }) => id),
  );
  for (const agent of sorted) {
    const [found] = await store.runs.findMany(scope, [newest.find((each) => each.agent === agent.id)?.run ?? '']);
    if (found) return { agent, run: found };
  }
  throw new CliError(
    `There is no evidence of the packages of ${host}: start a run over it with Common Vulnerabilities and Exposures.`,
  );
}

const expired = ({ id }: Run): CliError =>
  new CliError(`The evidence of the run ${id} is not kept any more (see --evidence-days of assay serve).`);

function cveOf(text: string): string {
  const cve = text.toUpperCase();
  if (!/^CVE-[0-9]{4}-[0-9]{4,19}$/.test(cve)) throw new CliError(`${printable(text)} is no CVE: CVE-YYYY-NNNN.`);
  return cve;
}
