import { sumTelemetry } from '../../domain/telemetry.ts';
import { doesNotExist } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { requireRuns } from '../require-runs.ts';

/** What the agents of a run have sent, by the original's message types, with the row "Total". */
export const getTelemetryMetadata: Operation<'GetTelemetryMetadata', 'store'> =
  ({ store }) =>
  async ({ assessmentRunArn }, caller) => {
    const [run] = await requireRuns(caller, [assessmentRunArn])(store);
    if (!run) throw doesNotExist('run', assessmentRunArn);
    return { telemetryMetadata: sumTelemetry(await store.evidence.telemetryOf(caller.scope, run.id)) };
  };
