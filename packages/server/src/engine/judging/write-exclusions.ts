import type { Exclusion } from '../../domain/exclusions.ts';
import { newResourceId, type RandomBytes } from '../../domain/ids.ts';
import type { Run } from '../../domain/run.ts';
import type { Tables } from '../../store/store.ts';

/** Writes exclusions of a run, each subject once. Call it in a transaction. */
export async function writeExclusions(
  tables: Pick<Tables, 'exclusions'>,
  scope: number,
  run: Run,
  exclusions: readonly Exclusion[],
  now: number,
  random: RandomBytes,
): Promise<void> {
  await tables.exclusions.insertMany(
    scope,
    exclusions.map(({ subject, document }) => ({
      id: newResourceId(random),
      target: run.target,
      template: run.template,
      run: run.id,
      subject,
      document,
      createdAt: now,
    })),
  );
}
