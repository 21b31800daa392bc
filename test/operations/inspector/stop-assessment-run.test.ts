import { DescribeAssessmentRunsCommand, type StopAction, StopAssessmentRunCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunState } from '../../../packages/server/src/domain/run-machine.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate, given, historicRun, idsOf, scopeOf, startRun } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let template = '';
let run = '';
beforeAll(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
  run = await startRun(server().client(), template);
});

const stop = (assessmentRunArn: string, stopAction?: StopAction) =>
  server()
    .client()
    .send(new StopAssessmentRunCommand({ assessmentRunArn, ...(stopAction ? { stopAction } : {}) }));
const described = async (arn: string) => {
  const reply = await server()
    .client()
    .send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
  return given(reply.assessmentRuns?.[0]);
};
/** A run in a state, put into the store as if it had come there. */
async function runIn(state: RunState): Promise<string> {
  const scope = await scopeOf(server());
  const [target = '', id = ''] = idsOf(template);
  const [found] = await server().service.store.templates.findMany(scope, [id]);
  const stored = historicRun({
    target,
    template: id,
    rulesPackages: given(found).rulesPackages,
    state,
    completedAt: null,
    imported: false,
  });
  await server().service.store.runs.insertMany(scope, [stored]);
  return `${template}/run/${stored.id}`;
}

describeSerialization('StopAssessmentRun', server);

describe('validation', () => {
  testReferences({
    operation: 'StopAssessmentRun',
    kind: 'run',
    server,
    own: () => run,
    input: (assessmentRunArn) => ({ assessmentRunArn }),
  });
});

describe('behaviour', () => {
  const collecting = [
    'CREATED',
    'START_DATA_COLLECTION_PENDING',
    'START_DATA_COLLECTION_IN_PROGRESS',
    'COLLECTING_DATA',
  ] as const;
  const later = [
    'STOP_DATA_COLLECTION_PENDING',
    'DATA_COLLECTED',
    'START_EVALUATING_RULES_PENDING',
    'EVALUATING_RULES',
  ] as const;
  const ended = ['FAILED', 'ERROR', 'COMPLETED', 'COMPLETED_WITH_ERRORS', 'CANCELED'] as const;

  test.each(collecting)('START_EVALUATION, which is the default, ends the collection of a run in %s', async (state) => {
    for (const action of [undefined, 'START_EVALUATION'] as const) {
      const arn = await runIn(state);
      await stop(arn, action);
      const after = await described(arn);
      expect(after.state).toBe('STOP_DATA_COLLECTION_PENDING');
      expect(after.stateChanges?.at(-1)?.state).toBe('STOP_DATA_COLLECTION_PENDING');
      expect(after).not.toHaveProperty('completedAt');
    }
  });

  test.each([...collecting, ...later])('SKIP_EVALUATION cancels a run in %s', async (state) => {
    const arn = await runIn(state);
    await stop(arn, 'SKIP_EVALUATION');
    const after = await described(arn);
    expect(after.state).toBe('CANCELED');
    expect(after.completedAt).toEqual(after.stateChangedAt);
  });

  test.each(later)('START_EVALUATION leaves a run in %s as it is', async (state) => {
    const arn = await runIn(state);
    const before = await described(arn);
    await stop(arn, 'START_EVALUATION');
    expect(await described(arn)).toEqual(before);
  });

  test.each(ended)('a run that has ended in %s stays so, and the call succeeds', async (state) => {
    const arn = await runIn(state);
    const before = await described(arn);
    for (const action of ['START_EVALUATION', 'SKIP_EVALUATION'] as const) await stop(arn, action);
    expect(await described(arn)).toEqual(before);
  });

  test('one that is stopped by several at once changes once', async () => {
    const arn = await startRun(server().client(), template);
    await Promise.all(Array.from({ length: 6 }, () => stop(arn, 'SKIP_EVALUATION')));
    const { stateChanges } = await described(arn);
    expect(stateChanges?.map(({ state }) => state)).toEqual(['CREATED', 'START_DATA_COLLECTION_PENDING', 'CANCELED']);
  });
});
