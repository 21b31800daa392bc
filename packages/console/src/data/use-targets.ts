import { useSession } from '../app/session-context.ts';
import { type Data, useData } from '../app/use-data.ts';
import { describeTargets, type Target } from './describe.ts';
import { after, readAll } from './pages.ts';

const MANY = 500;

/** The targets, newest first. */
export function useTargets(): Data<readonly Target[]> {
  const { call } = useSession();
  return useData('targets', async () => {
    const { items } = await readAll(async (token) => {
      const listed = await call('ListAssessmentTargets', { maxResults: 100, ...after(token) });
      return { items: listed.assessmentTargetArns, nextToken: listed.nextToken };
    }, MANY);
    return describeTargets(call, items);
  });
}
