import { sql } from 'kysely';
import type { Db } from '../database/dialect.ts';
import { runHasEnded } from './list-findings.ts';

/** A host that a rule was found on: when first and last (milliseconds since the epoch), and the finding of the last time. */
export interface Affected {
  readonly agent: string;
  readonly firstFoundAt: number;
  readonly lastFoundAt: number;
  readonly finding: string;
}

/** The hosts that a rule was found on in runs that have ended, in the order of their ids. One look along an index. */
export async function listAffected(
  read: Db,
  scope: number,
  rule: string,
  after: string | undefined,
  limit: number,
): Promise<Affected[]> {
  const found = read
    .selectFrom('findings')
    .select((eb) => [
      'agent',
      eb.fn.min<number>('created_at').as('firstFoundAt'),
      eb.fn.max<number>('created_at').as('lastFoundAt'),
    ])
    .where('scope', '=', scope)
    .where('rule', '=', rule)
    .where('agent', '>', after ?? '')
    .where(runHasEnded(scope))
    .groupBy('agent')
    .orderBy('agent')
    .limit(limit);
  const rows = await read
    .selectFrom(found.as('found'))
    .select(['found.agent', 'found.firstFoundAt', 'found.lastFoundAt'])
    .select(
      sql<string>`(select findings.id from findings where findings.scope = ${scope} and findings.rule = ${rule}
        and findings.agent = found.agent and findings.created_at = found."lastFoundAt"
        and ${runHasEnded(scope)} order by findings.id desc limit 1)`.as('finding'),
    )
    .orderBy('found.agent')
    .execute();
  return rows.map(({ agent, firstFoundAt, lastFoundAt, finding }) => ({
    agent: agent ?? '',
    firstFoundAt: Number(firstFoundAt),
    lastFoundAt: Number(lastFoundAt),
    finding,
  }));
}
