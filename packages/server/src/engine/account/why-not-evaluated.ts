import type { NotAssessed, ReasonCode } from '../../domain/not-assessed.ts';
import type { Run } from '../../domain/run.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import type { ExclusionReason, RunAgent } from '../../store/tables/run-agents.ts';
import type { AccountedPackage } from './rules-of-run.ts';

const reasons: Readonly<Record<ExclusionReason, ReasonCode>> = {
  TWO_MACHINES: 'HOST_CONTESTED',
  REMOVED: 'HOST_REMOVED',
  FORGOTTEN: 'HOST_FORGOTTEN',
};

/** Why a run has no evaluation of a host under a package. */
export function whyNotEvaluated(
  { state, imported, knowledge }: Run,
  { arn, implementation }: Omit<AccountedPackage, 'name'>,
  member: Pick<RunAgent, 'status' | 'excluded'> | undefined,
): NotAssessed {
  const because = (code: ReasonCode, params: Readonly<Record<string, string>> = {}): NotAssessed => ({ code, params });
  if (imported) return because('IMPORTED');
  if (!hasEnded(state)) return because('RUN_GOING_ON', { state });
  if (state === 'CANCELED') return because('RUN_STOPPED');
  if (state === 'FAILED' || state === 'ERROR') return because('RUN_FAILED');
  if (member?.excluded) return because(reasons[member.excluded]);
  if (member?.status !== 'DELIVERED') return because('HOST_SILENT');
  // It was evaluated at the time, whatever this version can do.
  if (knowledge?.versions[arn] !== undefined) return because('EXPIRED');
  return because(implementation ? 'RUN_FAILED' : 'NOT_AVAILABLE');
}
