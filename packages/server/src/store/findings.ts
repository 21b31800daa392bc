import type { Severity } from '../domain/rules-package.ts';
import { noteChanges, noteChangesOf } from './blocks/list-changes.ts';
import type { Handle } from './dialect.ts';
import type { FindingDocument } from './finding-document.ts';
import type { FindingFilter } from './finding-filter.ts';
import { findingLayout } from './finding-layout.ts';
import { type Insert, insertRows } from './insert-rows.ts';
import { type FindingReference, listFindings, runHasEnded } from './list-findings.ts';
import { type PackedDocument, packDocument } from './packed-document.ts';
import type { Position } from './position.ts';
import { ofRuns, type RunSelection } from './run-selection.ts';
import type { Database } from './schema.ts';
import type { UserAttribute } from './templates.ts';

/** Times in milliseconds since the epoch. */
export interface Finding {
  readonly id: string;
  readonly target: string;
  readonly template: string;
  readonly run: string;
  readonly agent: string | null;
  readonly autoScalingGroup: string | null;
  /** ARN. */
  readonly rulesPackage: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly numericSeverity: number;
  readonly document: FindingDocument;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** With its document as the store keeps it. */
export type PackedFinding = Omit<Finding, 'document'> & PackedDocument;

const insertion: Insert = {
  table: 'findings',
  columns: [
    'scope',
    'id',
    'target',
    'template',
    'run',
    'agent',
    'auto_scaling_group',
    'rules_package',
    'rule',
    'severity',
    'numeric_severity',
    'document',
    'created_at',
    'updated_at',
    'terms',
  ],
  end: 'on conflict do nothing returning id',
};

export function createFindings({ read, write, dialect, blocks }: Handle) {
  const insertPacked = async (scope: number, findings: readonly PackedFinding[]): Promise<ReadonlySet<string>> => {
    const rows = findings.map((finding) => encode(scope, finding));
    const returned = await insertRows<{ id: string }>({ write, dialect }, insertion, rows);
    const added = new Set(returned.map(({ id }) => id));
    const places = findings.filter(({ id }) => added.has(id)).map(({ createdAt, id }) => ({ at: createdAt, id }));
    await noteChanges({ write, dialect }, findingLayout, scope, places);
    return added;
  };
  return {
    /** Adds findings, each id once; those that are there already are left as they are. Returns the ids that were new. */
    insertPacked,
    insertMany: (scope: number, findings: readonly Finding[]): Promise<ReadonlySet<string>> =>
      insertPacked(
        scope,
        findings.map((finding) => ({ ...finding, ...packDocument(finding.document) })),
      ),
    /** {@link findMany} with those of runs that have not ended. */
    findStored: async (scope: number, ids: readonly string[]): Promise<Finding[]> => {
      const rows = await read
        .selectFrom('findings')
        .selectAll()
        .where('scope', '=', scope)
        .where('id', 'in', ids)
        .execute();
      return rows.map(decode);
    },
    findMany: async (scope: number, ids: readonly string[]): Promise<Finding[]> => {
      const rows = await read
        .selectFrom('findings')
        .selectAll()
        .where('scope', '=', scope)
        .where('id', 'in', ids)
        .where(runHasEnded(scope))
        .execute();
      return rows.map(decode);
    },
    /** Which of the runs have findings: a run of imported history may be known by them alone. */
    runsAmong: async (
      scope: number,
      runs: readonly string[],
    ): Promise<{ id: string; target: string; template: string }[]> =>
      read
        .selectFrom('findings')
        .select(['run as id', 'target', 'template'])
        .distinct()
        .where('scope', '=', scope)
        .where('run', 'in', runs)
        .execute(),
    /** Newest first, and only of runs that have ended. */
    list: (
      scope: number,
      filter: FindingFilter,
      after: Position | undefined,
      limit: number,
    ): Promise<FindingReference[]> => listFindings({ read, dialect, blocks }, scope, filter, after, limit),
    /** Replaces what users have said of a finding. */
    setUserAttributes: async (
      scope: number,
      finding: Finding,
      userAttributes: readonly UserAttribute[],
      updatedAt: number,
    ): Promise<void> => {
      const document = { ...finding.document, userAttributes };
      await write
        .updateTable('findings')
        .set({ ...packDocument(document), updated_at: updatedAt })
        .where('scope', '=', scope)
        .where('id', '=', finding.id)
        .execute();
      await noteChanges({ write, dialect }, findingLayout, scope, [{ at: finding.createdAt, id: finding.id }]);
    },
    /** Which rules a run has findings of, and on which hosts, in order: of a run that goes on, too. */
    keysOfRun: async (scope: number, run: string): Promise<{ agent: string; rule: string }[]> => {
      const rows = await read
        .selectFrom('findings')
        .select(['agent', 'rule'])
        .where('scope', '=', scope)
        .where('run', '=', run)
        .orderBy('agent')
        .orderBy('rule')
        .execute();
      return rows.map(({ agent, rule }) => ({ agent: agent ?? '', rule }));
    },
    /** All of a run, by host and rule: also while it goes on. */
    ofRun: async (scope: number, run: string): Promise<Finding[]> => {
      const rows = await read
        .selectFrom('findings')
        .selectAll()
        .where('scope', '=', scope)
        .where('run', '=', run)
        .orderBy('agent')
        .orderBy('rule')
        .execute();
      return rows.map(decode);
    },
    countBySeverity: async (scope: number, run: string): Promise<Partial<Record<Severity, number>>> => {
      const rows = await read
        .selectFrom('findings')
        .select((eb) => ['severity', eb.fn.countAll<number>().as('count')] as const)
        .where('scope', '=', scope)
        .where('run', '=', run)
        .groupBy('severity')
        .execute();
      return Object.fromEntries(rows.map((row) => [row.severity, Number(row.count)]));
    },
    delete: async (scope: number, which: RunSelection): Promise<void> => {
      await noteChangesOf(write, findingLayout, scope, ofRuns('run', scope, which));
      await write
        .deleteFrom('findings')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .execute();
    },
  };
}

/** In the order of the insertion's columns. */
const encode = (scope: number, finding: PackedFinding): unknown[] => [
  scope,
  finding.id,
  finding.target,
  finding.template,
  finding.run,
  finding.agent,
  finding.autoScalingGroup,
  finding.rulesPackage,
  finding.rule,
  finding.severity,
  finding.numericSeverity,
  finding.document,
  finding.createdAt,
  finding.updatedAt,
  finding.terms,
];

const decode = (row: Database['findings']): Finding => ({
  id: row.id,
  target: row.target,
  template: row.template,
  run: row.run,
  agent: row.agent,
  autoScalingGroup: row.auto_scaling_group,
  rulesPackage: row.rules_package,
  rule: row.rule,
  severity: row.severity,
  numericSeverity: row.numeric_severity,
  document: JSON.parse(row.document) as FindingDocument,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
