import type { ExclusionReason } from '../store/tables/run-agents.ts';

/** Why a run does without a host, in words. */
export const excludedBecause: Readonly<Record<ExclusionReason, string>> = {
  TWO_MACHINES: 'two machines use this identity',
  REMOVED: 'the host was removed',
  FORGOTTEN: 'the host was silent for so long that it left its assessment targets',
};
