import { ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterEach, expect, test, vi } from 'vitest';
import { type StubApi, startStubApi } from './stub-api.ts';

let api: StubApi | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await api?.stop();
});

test('a call is answered when what it could have read is on disk', async () => {
  const disk = Promise.withResolvers<void>();
  const events: string[] = [];
  api = await startStubApi({
    pending: () => {
      events.push('asked');
      return disk.promise;
    },
  });
  const calling = api
    .client(1)
    .send(new ListAssessmentRunsCommand({}))
    .then(() => events.push('answered'));
  await vi.waitFor(() => expect(events).toEqual(['asked']));
  // Nor is it on the trail as answered.
  expect(api.performed).toEqual(['ListAssessmentRuns']);
  expect(api.records).toEqual([]);
  events.push('on disk');
  disk.resolve();
  await calling;
  expect(events).toEqual(['asked', 'on disk', 'answered']);
  expect(api.records).toHaveLength(1);
});

test('where the disk did not take it the call fails', async () => {
  const reported = vi.spyOn(console, 'error').mockReturnValue(undefined);
  api = await startStubApi({ pending: () => Promise.reject(new Error('the disk is broken')) });
  const calling = api.client(1).send(new ListAssessmentRunsCommand({}));
  await expect(calling).rejects.toMatchObject({ name: 'InternalException', $metadata: { httpStatusCode: 500 } });
  expect(reported).toHaveBeenCalledWith(expect.stringMatching(/failed/), new Error('the disk is broken'));
});
