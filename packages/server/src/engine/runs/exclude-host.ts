import type { Tables } from '../../store/store.ts';
import type { ExclusionReason } from '../../store/tables/run-agents.ts';

/** Lets every run that is not being evaluated yet do without a host, and has those that collect look at once. */
export async function excludeHost(
  { runAgents, jobs }: Pick<Tables, 'runAgents' | 'jobs'>,
  scope: number,
  agent: string,
  reason: ExclusionReason,
  now: number,
): Promise<void> {
  for (const run of await runAgents.exclude(scope, agent, reason)) await jobs.ask(scope, run, 'collect', now);
}
