import { exclusionArn } from '@assay/model/arn.ts';
import { doesNotExist } from '../arns.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';
import { requireListedRuns } from '../require-listed-runs.ts';

/** What a run did not assess. The page holds 100 by default. */
export const listExclusions: Operation<'ListExclusions', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const load = requireListedRuns(caller, [input.assessmentRunArn]);
    const page = pageRequest(tokens, 'ListExclusions', caller, input, 100);
    const [run] = await load(store);
    if (!run) throw doesNotExist('run', input.assessmentRunArn);
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.exclusions.list(caller.scope, run.id, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    return {
      exclusionArns: rows.map(({ id }) => exclusionArn(caller, run.target, run.template, run.id, id)),
      nextToken,
    };
  };
