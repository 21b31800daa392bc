import { targetArn } from '@assay/model/arn.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, readPage } from '../page.ts';

export const listAssessmentTargets: Operation<'ListAssessmentTargets', 'store' | 'tokens'> =
  ({ store, tokens }) =>
  async (input, caller) => {
    const page = pageRequest(tokens, 'ListAssessmentTargets', caller, input);
    const filter = { namePattern: input.filter?.assessmentTargetNamePattern };
    const { rows, nextToken } = await readPage(
      page,
      (after, limit) => store.targets.list(caller.scope, filter, after, limit),
      ({ createdAt, id }) => ({ at: createdAt, id }),
    );
    return { assessmentTargetArns: rows.map(({ id }) => targetArn(caller, id)), nextToken };
  };
