import { sumTelemetry } from '../domain/telemetry.ts';
import { doesNotExist } from './arns.ts';
import type { Operation } from './operation.ts';
import { requireRuns } from './require-runs.ts';

/** What the agents of a run have sent, by the original's message types, with the row "Total". */
export const getTelemetryMetadata: Operation<'GetTelemetryMetadata', 'store'> =
  ({ store }) =>
  async ({ assessmentRunArn }, caller) => {
    const [run] = await requireRuns(caller, [assessmentRunArn])(store);
    if (!run) throw doesNotExist('run', assessmentRunArn);
    const evidence = await store.evidence.list(caller.scope, run.id);
    return { telemetryMetadata: sumTelemetry(evidence.flatMap(({ telemetry }) => telemetry)) };
  };
