import { runCaveat } from '@assay/model/run-caveat.ts';
import type { Run } from '../../domain/run.ts';
import type { Coverage } from './coverage.ts';

/** The sentence that stands above everything that is said of a run; undefined for one that completed over hosts. */
export const caveatOf = ({ state, imported }: Run, { hosts, verdicts }: Coverage): string | undefined =>
  runCaveat({
    state,
    imported,
    hosts,
    evaluated: verdicts.passed + verdicts.finding + verdicts.notApplicable > 0,
  });
