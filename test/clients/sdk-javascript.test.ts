/** AWS's SDK for JavaScript as it is, told where to go by its environment alone. */
import { InspectorClient, ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { addSeedExample, clientEnvironment, seedRuns, seedTemplate, seedTime } from '../support/seed-example.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
let all: string[] = [];
beforeAll(async () => {
  all = await addSeedExample(server());
});
beforeEach(() => setKey(testKey));
afterEach(() => vi.unstubAllEnvs());
function setKey(key: { accessKeyId: string; secretAccessKey: string }): void {
  for (const [name, value] of Object.entries(clientEnvironment(server(), key))) {
    if (name.startsWith('AWS_')) vi.stubEnv(name, value);
  }
}

describe('the SDK for JavaScript', () => {
  test("the reference's example", async () => {
    const client = new InspectorClient({});
    const list = new ListAssessmentRunsCommand({ assessmentTemplateArns: [seedTemplate], maxResults: 123 });
    const { $metadata, ...output } = await client.send(list);
    expect(output).toEqual({ assessmentRunArns: all });
    expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 1 });
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('a loop over pages as everyone writes it', async () => {
    const client = new InspectorClient({});
    const runs: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new ListAssessmentRunsCommand({ maxResults: 5, ...(nextToken ? { nextToken } : {}) }),
      );
      runs.push(...(page.assessmentRunArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    expect(runs).toEqual(all);
  });

  test('two filters, one of them a time', async () => {
    const filter = {
      namePattern: 'Run *',
      startTimeRange: { beginDate: new Date(seedTime - 1000), endDate: new Date(seedTime) },
    };
    const { assessmentRunArns } = await new InspectorClient({}).send(new ListAssessmentRunsCommand({ filter }));
    expect(assessmentRunArns).toEqual(seedRuns);
  });

  test.each([
    ['a wrong secret', { ...testKey, secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    ['an unknown key', { ...testKey, accessKeyId: 'AKIDNOBODY' }, 'UnrecognizedClientException'],
  ])('%s', async (_name, key, name) => {
    setKey(key);
    const client = new InspectorClient({ maxAttempts: 1 });
    await expect(client.send(new ListAssessmentRunsCommand({}))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 400 },
    });
  });
});
