import { feedReferenceItem } from '../../engine/items/feed-reference-item.ts';
import { explainVerdict as explain, UnknownSubject } from '../../engine/judging/explain-verdict.ts';
import { noSuchEntity } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { requireRun } from './require-run.ts';
import { requireId } from './resources.ts';

export const explainVerdict: AssayOperation<'ExplainVerdict', 'store' | 'knowledge' | 'now'> =
  ({ store, knowledge, now }) =>
  async ({ hostArn, subject, assessmentRunArn }, caller) => {
    const host = requireId(caller, 'host', hostArn);
    const run = assessmentRunArn === undefined ? undefined : await requireRun(store, caller, assessmentRunArn);
    try {
      const why = await explain(
        { store, knowledge, now },
        { host, subject, scopeName: caller, scope: caller.scope, run },
      );
      return {
        outcome: why.outcome,
        reason: why.reason,
        sections: why.sections.map(({ heading, lines }) => ({ heading, lines: [...lines] })),
        details: JSON.stringify(why.data),
        subject: why.subject,
        ...why.host,
        assessmentRunArn: why.runArn,
        knowledge: why.knowledge.map(({ kind, of, feeds }) => ({
          kind,
          of,
          feeds: feeds.map(feedReferenceItem),
        })),
      };
    } catch (error) {
      if (error instanceof UnknownSubject) throw noSuchEntity('VERDICT_DOES_NOT_EXIST', error.message);
      throw error;
    }
  };
