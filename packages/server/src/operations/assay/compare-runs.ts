import { runArn } from '@assay/model/arn.ts';
import { diffRuns } from '../../engine/judging/diff-runs.ts';
import { releaseAll } from '../../engine/judging/knowledge-source.ts';
import { caveatOfSnapshot, type RunSnapshot, snapshotOfRun } from '../../engine/judging/run-snapshot.ts';
import type { AssayOperation } from './operation.ts';
import { requireRun } from './require-run.ts';

/** Changes of an answer, at most. */
const MOST = 5000;

export const compareRuns: AssayOperation<'CompareRuns', 'store' | 'knowledge'> =
  ({ store, knowledge }) =>
  async ({ beforeAssessmentRunArn, afterAssessmentRunArn }, caller) => {
    const before = await requireRun(store, caller, beforeAssessmentRunArn);
    const after = await requireRun(store, caller, afterAssessmentRunArn);
    const pictures: RunSnapshot[] = [];
    try {
      const first = await snapshotOfRun(store, knowledge, caller.scope, before);
      pictures.push(first);
      const second = await snapshotOfRun(store, knowledge, caller.scope, after);
      pictures.push(second);
      const changes = await diffRuns(caller.region, first, second);
      const came = changes.filter(({ change }) => change === 'CAME').length;
      return {
        came,
        went: changes.length - came,
        changes: changes
          .slice(0, MOST)
          .map(({ change, agent: agentId, hostname, rulesPackage, rule, severity, cause: { kind, detail } }) => ({
            ...{ change, agentId, hostname, rulesPackageArn: rulesPackage, ruleName: rule, severity },
            cause: { kind, detail },
          })),
        truncated: changes.length > MOST,
        notes: pictures.flatMap((each) => {
          const caveat = caveatOfSnapshot(each);
          const { target, template, id } = each.run;
          return caveat === undefined ? [] : [{ assessmentRunArn: runArn(caller, target, template, id), caveat }];
        }),
      };
    } finally {
      for (const { snapshots } of pictures) releaseAll(snapshots);
    }
  };
