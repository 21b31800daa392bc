import type { Finding } from '../../domain/finding.ts';
import type { Severity } from '../../domain/rules-package.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { yieldToEventLoop } from '../../domain/yield-to-event-loop.ts';
import type { Db, Handle } from '../database/dialect.ts';
import { type Insert, insertRows } from '../database/insert-rows.ts';
import type { FindingFilter } from '../lists/finding-filter.ts';
import { findingLayout } from '../lists/finding-layout.ts';
import { type Affected, listAffected } from '../lists/list-affected.ts';
import { type FindingReference, listFindings, runHasEnded } from '../lists/list-findings.ts';
import type { Position } from '../lists/position.ts';
import { preparedByIds } from '../lists/prepared-by-ids.ts';
import { ofRuns, type RunSelection } from '../lists/run-selection.ts';
import { recordDelta, recordDeltaOf } from '../segments/delta-store.ts';
import {
  type PackedFinding,
  type PackedFindings,
  packAttributes,
  packFindings,
  unpackAttributes,
} from './packed-findings.ts';
import { createDecoder, selectFindings } from './stored-findings.ts';

/** A finding without its texts. */
export interface FindingAttributesRow extends Pick<Finding, 'id' | 'agent' | 'rulesPackage' | 'rule' | 'severity'> {
  readonly createdAt: number;
  readonly attributes: readonly UserAttribute[];
  readonly userAttributes: readonly UserAttribute[];
}

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
    'attributes',
    'user_attributes',
    'terms',
    'texts',
    'place',
    'verdict',
    'created_at',
    'updated_at',
  ],
  end: 'on conflict do nothing returning id',
};

const ofScope = (db: Db, scope: number) => selectFindings(db).where('findings.scope', '=', scope);
const findStored = preparedByIds(ofScope, 'findings.id');
const findOfEnded = preparedByIds((db, scope) => ofScope(db, scope).where(runHasEnded(scope)), 'findings.id');

export function createFindings(handle: Handle) {
  const { read, write, dialect } = handle;
  const insertPacked = async (scope: number, { findings, texts }: PackedFindings): Promise<ReadonlySet<string>> => {
    const ids = await insertTexts({ write, dialect }, scope, findings, texts);
    const values: unknown[] = [];
    for (const finding of findings) encode(scope, finding, ids.get(finding.row) ?? 0, values);
    const returned = await insertRows<{ id: string }>({ write, dialect }, insertion, values);
    const added = new Set(returned.map(({ id }) => id));
    if (added.size < findings.length) {
      const used = new Set(findings.filter(({ id }) => added.has(id)).map(({ row }) => row));
      await deleteTexts(
        write,
        [...ids].flatMap(([row, id]) => (used.has(row) ? [] : [id])),
      );
    }
    const places = findings.filter(({ id }) => added.has(id)).map(({ createdAt, id }) => ({ at: createdAt, id }));
    await recordDelta({ write, dialect }, findingLayout, scope, places);
    return added;
  };
  return {
    /** Adds findings, each id once; those that are there already are left as they are. Returns the ids that were new. */
    insertPacked,
    insertMany: (scope: number, findings: readonly Finding[]): Promise<ReadonlySet<string>> =>
      insertPacked(scope, packFindings(findings)),
    /** {@link findMany} with those of runs that have not ended. */
    findStored: async (scope: number, ids: readonly string[]): Promise<Finding[]> => {
      const rows = await findStored(handle, scope, ids);
      return rows.map(createDecoder());
    },
    findMany: async (scope: number, ids: readonly string[]): Promise<Finding[]> => {
      const rows = await findOfEnded(handle, scope, ids);
      return rows.map(createDecoder());
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
    ): Promise<FindingReference[]> => listFindings(handle, scope, filter, after, limit),
    /** See {@link listAffected}. */
    listAffected: (scope: number, rule: string, after: string | undefined, limit: number): Promise<Affected[]> =>
      listAffected(read, scope, rule, after, limit),
    /** Replaces what users have said of a finding. */
    setUserAttributes: async (
      scope: number,
      finding: Finding,
      userAttributes: readonly UserAttribute[],
      updatedAt: number,
    ): Promise<void> => {
      const packed = packAttributes({ attributes: finding.document.attributes, userAttributes });
      await write
        .updateTable('findings')
        .set({ user_attributes: packed.userAttributes, terms: packed.terms, updated_at: updatedAt })
        .where('scope', '=', scope)
        .where('id', '=', finding.id)
        .execute();
      await recordDelta({ write, dialect }, findingLayout, scope, [{ at: finding.createdAt, id: finding.id }]);
    },
    /** Which rules a run has findings of, and on which hosts, in order: of a run that goes on, too. */
    keysOfRun: async (scope: number, run: string): Promise<{ agent: string; rulesPackage: string; rule: string }[]> => {
      const rows = await read
        .selectFrom('findings')
        .select(['agent', 'rules_package', 'rule'])
        .where('scope', '=', scope)
        .where('run', '=', run)
        .orderBy('agent')
        .orderBy('rule')
        .execute();
      return rows.map(({ agent, rules_package: rulesPackage, rule }) => ({ agent: agent ?? '', rulesPackage, rule }));
    },
    /** Findings of a run without their texts, from the oldest on: also while it goes on. */
    attributesOfRun: async (
      scope: number,
      run: string,
      after: Position | undefined,
      limit: number,
    ): Promise<FindingAttributesRow[]> => {
      let query = read
        .selectFrom('findings')
        .select(['id', 'agent', 'rules_package as rulesPackage', 'rule', 'severity', 'created_at as createdAt'])
        .select(['attributes', 'user_attributes as userAttributes'])
        .where('scope', '=', scope)
        .where('run', '=', run);
      if (after) query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '>', eb.tuple(after.at, after.id)));
      const rows = await query.orderBy('created_at').orderBy('id').limit(limit).execute();
      return rows.map(({ userAttributes, ...row }) => ({ ...row, ...unpackAttributes({ ...row, userAttributes }) }));
    },
    /** All of a run, by host and rule: also while it goes on. */
    ofRun: async (scope: number, run: string): Promise<Finding[]> => {
      const rows = await selectFindings(read)
        .where('findings.scope', '=', scope)
        .where('findings.run', '=', run)
        .orderBy('agent')
        .orderBy('rule')
        .execute();
      return rows.map(createDecoder());
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
      await recordDeltaOf(write, findingLayout, scope, ofRuns('run', scope, which));
      await yieldToEventLoop();
      await write
        .deleteFrom('findings')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .execute();
      await yieldToEventLoop();
      await write
        .deleteFrom('finding_texts')
        .where('scope', '=', scope)
        .where(ofRuns('run', scope, which))
        .execute();
    },
  };
}

/** Adds the texts that findings refer to, and returns their ids by their place among all of `texts`. */
async function insertTexts(
  { write, dialect }: Pick<Handle, 'write' | 'dialect'>,
  scope: number,
  findings: readonly PackedFinding[],
  texts: readonly Uint8Array[],
): Promise<Map<number, number>> {
  const ids = new Map<number, number>();
  for (const { row, run } of findings) {
    if (ids.has(row)) continue;
    const [added] = await insertRows<{ id: number }>({ write, dialect }, textsInsertion, [scope, run, texts[row]]);
    if (!added) throw new Error('Texts of findings could not be written');
    ids.set(row, added.id);
  }
  return ids;
}

const textsInsertion: Insert = {
  table: 'finding_texts',
  columns: ['scope', 'run', 'texts'],
  end: 'returning id',
};

async function deleteTexts(write: Handle['write'], ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await write.deleteFrom('finding_texts').where('id', 'in', ids).execute();
}

/** Adds its values to others', in the order of the insertion's columns. */
function encode(scope: number, finding: PackedFinding, texts: number, values: unknown[]): void {
  values.push(
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
    finding.attributes,
    finding.userAttributes,
    finding.terms,
    texts,
    finding.place,
    finding.verdict,
    finding.createdAt,
    finding.updatedAt,
  );
}
