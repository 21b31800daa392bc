import type { Finding } from '../../domain/finding.ts';
import type { KeptVerdict } from '../../domain/kept-verdict.ts';
import type { Handle } from '../database/dialect.ts';
import { openReader } from '../database/open-database.ts';
import { unpackJson } from '../database/packed-json.ts';
import type { StoreLocation } from '../database/store-location.ts';
import { noSegmentCache } from '../segments/segment-cache.ts';
import { createAgents } from './agents.ts';
import type { ExclusionRecord } from './exclusions.ts';
import { createRulesPackageSets } from './rules-package-sets.ts';
import { createRunAgents } from './run-agents.ts';
import { createRuns } from './runs.ts';
import { createScopes } from './scopes.ts';
import { createDecoder, selectFindings } from './stored-findings.ts';
import { createTargets } from './targets.ts';
import { createTemplates } from './templates.ts';

export type ReportedFinding = Pick<
  Finding,
  'id' | 'agent' | 'rulesPackage' | 'rule' | 'severity' | 'document' | 'verdict'
>;

export interface ReportedEvaluation {
  readonly agent: string;
  readonly rulesPackage: string;
  readonly verdicts: readonly KeptVerdict[];
}

/**
 * What reports are made from, row by row where there can be many: a statement each, whatever the size of the run. The
 * caller owns the handle alone: nothing else can be asked while rows come.
 */
function createReportReader(handle: Handle) {
  const { read } = handle;
  return {
    scopes: createScopes(handle),
    runs: createRuns(handle),
    targets: createTargets(handle),
    templates: createTemplates(handle),
    rulesPackageSets: createRulesPackageSets(handle),
    runAgents: createRunAgents(handle),
    agents: createAgents(handle),
    findings: {
      streamOfRun: async function* (scope: number, run: string): AsyncGenerator<ReportedFinding> {
        const rows = selectFindings(read)
          .where('findings.scope', '=', scope)
          .where('findings.run', '=', run)
          .orderBy('created_at')
          .orderBy('findings.id')
          .stream();
        const decode = createDecoder();
        for await (const row of rows) yield decode(row);
      },
      /** What names each finding, and how grave it is. */
      streamKeys: (scope: number, run: string) =>
        read
          .selectFrom('findings')
          .select(['agent', 'rules_package as rulesPackage', 'rule', 'severity'])
          .where('scope', '=', scope)
          .where('run', '=', run)
          .stream(),
    },
    evaluations: {
      streamOfRun: async function* (scope: number, run: string): AsyncGenerator<ReportedEvaluation> {
        const rows = read
          .selectFrom('evaluations')
          .select(['agent', 'rules_package', 'verdicts'])
          .where('scope', '=', scope)
          .where('run', '=', run)
          .orderBy('agent')
          .orderBy('rules_package')
          .stream();
        for await (const { agent, rules_package: rulesPackage, verdicts } of rows) {
          yield { agent, rulesPackage, verdicts: unpackJson(verdicts) as KeptVerdict[] };
        }
      },
    },
    exclusions: {
      streamOfRun: async function* (scope: number, run: string): AsyncGenerator<Pick<ExclusionRecord, 'document'>> {
        const rows = read
          .selectFrom('exclusions')
          .select('document')
          .where('scope', '=', scope)
          .where('run', '=', run)
          .orderBy('created_at')
          .orderBy('id')
          .stream();
        for await (const { document } of rows) {
          yield { document: JSON.parse(document) as ExclusionRecord['document'] };
        }
      },
    },
    evidence: {
      /** The documents of each host, by agent and kind. */
      streamDigests: (scope: number, run: string) =>
        read
          .selectFrom('evidence')
          .select(['agent', 'kind', 'digest', 'size', 'collected_at as collectedAt'])
          .where('scope', '=', scope)
          .where('run', '=', run)
          .orderBy('agent')
          .orderBy('kind')
          .stream(),
      /** What each host said of its operating system during the run, gzip-compressed. */
      streamOperatingSystems: async function* (
        scope: number,
        run: string,
      ): AsyncGenerator<{ readonly agent: string; readonly content: Uint8Array }> {
        const rows = read
          .selectFrom('evidence')
          .innerJoin('evidence_blobs', 'evidence_blobs.digest', 'evidence.digest')
          .select(['evidence.agent as agent', 'evidence_blobs.content as content'])
          .where('evidence.scope', '=', scope)
          .where('evidence.run', '=', run)
          .where('evidence.kind', '=', 'osRelease')
          .orderBy('evidence.agent')
          .stream();
        yield* rows;
      },
    },
  };
}

export type ReportReader = ReturnType<typeof createReportReader>;

/** Opens a store that exists for reading alone, beside the servers that write it. */
export async function openReportReader(
  location: StoreLocation,
): Promise<ReportReader & { readonly close: () => Promise<void> }> {
  const { db, dialect } = await openReader(location);
  return {
    ...createReportReader({ read: db, write: db, dialect, segments: noSegmentCache }),
    close: () => db.destroy(),
  };
}
