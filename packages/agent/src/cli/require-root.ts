import { AgentStopped } from '../agent-stopped.ts';

/** Throws {@link AgentStopped} where this is not root. */
export function requireRoot(command: string): void {
  if (process.geteuid?.() !== 0) throw new AgentStopped(`Only root can do this: sudo assay-agent ${command} …`);
}
