import { type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { AgentStopped } from '../agent-stopped.ts';
import { collect } from '../collect.ts';
import { openHost } from '../open-host.ts';

/** `assay-agent show KIND …`: the evidence of this host as it would be sent, JSON, one document a line. */
export async function showCommand(args: readonly string[], log: (line: string) => void): Promise<void> {
  const kinds = Object.keys(evidenceKinds) as EvidenceKind[];
  const unknown = args.find((arg) => !kinds.includes(arg as EvidenceKind));
  if (unknown !== undefined) throw new AgentStopped(`There is no evidence ${unknown}. There is: ${kinds.join(', ')}.`);
  const host = await openHost();
  for (const kind of args.length > 0 ? (args as EvidenceKind[]) : kinds) log(JSON.stringify(await collect(kind, host)));
}
