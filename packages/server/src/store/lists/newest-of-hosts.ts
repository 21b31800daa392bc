import type { Db } from '../database/dialect.ts';

/** The newest run of a set of rules packages that has ended and that a host delivered evidence for. */
export interface NewestOfHost {
  readonly agent: string;
  /** rules_package_sets.id */
  readonly rulesPackages: number;
  readonly run: string;
  readonly target: string;
  readonly template: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly completedAt: number;
}

/** Times that are looked up in one statement. */
const MOST = 500;

/** Of every host and every set of rules packages, the newest run that has ended. Hosts that were never assessed have none. */
export async function newestOfHosts(read: Db, scope: number): Promise<NewestOfHost[]> {
  const newest = await endedRuns(read, scope)
    .select(['run_agents.agent as agent', 'runs.rules_packages as rulesPackages'])
    .select((eb) => eb.fn.max<number>('runs.created_at').as('createdAt'))
    .groupBy(['run_agents.agent', 'runs.rules_packages'])
    .execute();
  const wanted = new Set(newest.map(keyOf));
  const times = [...new Set(newest.map(({ createdAt }) => Number(createdAt)))];
  const found = new Map<string, NewestOfHost>();
  for (let from = 0; from < times.length; from += MOST) {
    const rows = await endedRuns(read, scope)
      .select(['run_agents.agent as agent', 'runs.rules_packages as rulesPackages', 'runs.id as run'])
      .select(['runs.target as target', 'runs.template as template', 'runs.name as name'])
      .select(['runs.created_at as createdAt', 'runs.completed_at as completedAt'])
      .where('runs.created_at', 'in', times.slice(from, from + MOST))
      // Of two that began in the same millisecond, the one that lists put first.
      .orderBy('runs.id')
      .execute();
    for (const { completedAt, ...row } of rows) {
      if (wanted.has(keyOf(row))) found.set(keyOf(row), { ...row, completedAt: completedAt ?? row.createdAt });
    }
  }
  return [...found.values()];
}

const endedRuns = (read: Db, scope: number) =>
  read
    .selectFrom('run_agents')
    .innerJoin('runs', (join) =>
      join.onRef('runs.scope', '=', 'run_agents.scope').onRef('runs.id', '=', 'run_agents.run'),
    )
    .where('run_agents.scope', '=', scope)
    .where('run_agents.status', '=', 'DELIVERED')
    .where('runs.completed_at', 'is not', null);

const keyOf = (row: Pick<NewestOfHost, 'agent' | 'rulesPackages' | 'createdAt'>): string =>
  `${row.agent} ${row.rulesPackages} ${Number(row.createdAt)}`;
