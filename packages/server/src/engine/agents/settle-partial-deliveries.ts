import type { Tables } from '../../store/store.ts';
import { evidenceNeededBy } from '../judging/rules-package-catalog.ts';
import { agentHealth } from '../runs/agent-health.ts';
import { lackingDocument, whyLacking } from './lacking-evidence.ts';

/** Hosts that are settled in one transaction. */
const AT_ONCE = 100;

/**
 * Collection has ended: hosts that have sent something and never said that it was all count as delivered, with a document that says
 * why in the place of each that is missing. So what they sent is judged, and only the rules that need more are not assessed.
 * Settles some, in the caller's transaction; false when there were none left.
 */
export async function settlePartialDeliveries(
  tables: Pick<Tables, 'runAgents' | 'agents' | 'evidence' | 'scopes' | 'rulesPackageSets'>,
  scope: number,
  run: { readonly id: string; readonly rulesPackages: number },
  now: number,
): Promise<boolean> {
  const ids = await tables.runAgents.partlyDelivered(scope, run.id, AT_ONCE);
  if (ids.length === 0) return false;
  const { region } = await tables.scopes.get(scope);
  const arns = (await tables.rulesPackageSets.arnsOf([run.rulesPackages])).get(run.rulesPackages) ?? [];
  const needed = evidenceNeededBy(region, arns);
  const sent = Map.groupBy(await tables.evidence.list(scope, run.id, ids), ({ agent }) => agent);
  for (const agent of await tables.agents.findMany(scope, ids)) {
    // Why it said nothing more, where that is known: it was shut down, or has long been silent.
    const { health, detail } = agentHealth(agent, now);
    const because = health === 'HEALTHY' ? '' : `: ${detail}`;
    const arrived = new Set(sent.get(agent.id)?.map(({ kind }) => kind));
    for (const kind of needed.filter((each) => !arrived.has(each))) {
      const reason = `${whyLacking(agent, kind)} before collection ended${because}`;
      const { record, content } = lackingDocument(agent.id, kind, reason, now);
      await tables.evidence.put(scope, run.id, record, content);
    }
    await tables.runAgents.setDelivered(scope, run.id, agent.id, now, agent, { partial: true });
  }
  return true;
}
