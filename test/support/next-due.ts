import type { Tables } from '../../packages/server/src/store/store.ts';

/** When the next job can be taken up, whatever its kind; undefined when there is none. */
export async function nextDue(jobs: Pick<Tables['jobs'], 'due'>): Promise<number | undefined> {
  const due = [...(await jobs.due()).values()];
  return due.length === 0 ? undefined : Math.min(...due);
}
