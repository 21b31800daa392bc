import { Command } from 'commander';
import { type ExplainedVerdict, explainVerdict, UnknownSubject } from '../engine/judging/explain-verdict.ts';
import { feedsDirectory } from '../feeds/feeds-directory.ts';
import { openAdvisorySource } from '../runtime/advisory-source.ts';
import { CliError } from '../runtime/cli-error.ts';
import { dataDirectoryPath } from '../runtime/data-directory.ts';
import { knowledgeSources } from '../runtime/knowledge-sources.ts';
import { report } from '../runtime/report.ts';
import { findRun } from './runs/find-run.ts';
import { printExplanation } from './runs/print-explanation.ts';
import { type ScopeOptions, withScope, withStore } from './runs/scoped-store.ts';

interface WhyOptions extends ScopeOptions {
  readonly run?: string;
  readonly json?: boolean;
}

export const whyCommand = (): Command =>
  withScope(new Command('why'))
    .description('Say whether a CVE affects a host, or where a rule stands on it, and because of what')
    .argument('<host>', 'agent id or host name')
    .argument('<cve or rule>', 'CVE-YYYY-NNNN, or the id of a rule')
    .option('--run <run>', 'ARN or id of the run whose evidence is asked (default: the newest)')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExit status: 0 not affected or passed, 1 affected or a finding, 2 not assessed.')
    .action((host: string, subject: string, options: WhyOptions) =>
      withStore(options, async (store, given) => {
        const source = openAdvisorySource(feedsDirectory(dataDirectoryPath(options.dataDir)), report);
        try {
          const asked = options.run === undefined ? undefined : await findRun(store, given, options.run);
          const scopeName = asked?.scopeName ?? given;
          const scope = asked?.scope ?? (await store.scopes.idOf(given));
          const question = { host, subject, scopeName, scope, run: asked?.run };
          const deps = { store, knowledge: knowledgeSources({ advisories: source }), now: Date.now };
          const why = await explainVerdict(deps, question);
          if (options.json) process.stdout.write(`${JSON.stringify(forPrograms(why), undefined, 2)}\n`);
          else printExplanation(why, process.stdout);
          process.exitCode = statuses[why.outcome];
        } catch (error) {
          throw error instanceof UnknownSubject ? new CliError(error.message) : error;
        } finally {
          source.close();
        }
      }),
    );

const statuses: Readonly<Record<ExplainedVerdict['outcome'], number>> = {
  NOT_AFFECTED: 0,
  PASSED: 0,
  NOT_APPLICABLE: 0,
  AFFECTED: 1,
  FINDING: 1,
  NOT_ASSESSED: 2,
};

function forPrograms({ outcome, reason, data, host, runArn, knowledge }: ExplainedVerdict): object {
  const advisories = knowledge.find(({ kind }) => kind === 'advisories');
  return {
    outcome,
    reason,
    ...data,
    host,
    runArn,
    advisories: advisories ? { of: advisories.of, feeds: advisories.feeds } : null,
  };
}
