/** Version 2 of AWS's SDK for JavaScript: it knows no AWS_ENDPOINT_URL_INSPECTOR, so its endpoint is given in code. */
import { Agent } from 'node:http';
import type { AWSError, Request } from 'aws-sdk';
import Inspector from 'aws-sdk/clients/inspector.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addEveryList, type EveryList, itemName, listItems, listNames } from '../support/every-list.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

// Read once it is loaded: it would say on every start that version 2 is at its end.
vi.hoisted(() => {
  process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
});

const server = useServer();
const agent = new Agent({ keepAlive: true });
let lists: EveryList;
beforeAll(async () => {
  lists = await addEveryList(server());
});
afterAll(() => agent.destroy());

const client = (key: { accessKeyId: string; secretAccessKey: string } = testKey): Inspector =>
  new Inspector({
    endpoint: server().endpoint,
    region: 'us-east-1',
    credentials: key,
    maxRetries: 0,
    httpOptions: { agent },
  });

/** Every page of a request, as `eachPage` gives them. */
function pagesOf<D>(request: Request<D, AWSError>): Promise<D[]> {
  return new Promise((resolve, reject) => {
    const pages: D[] = [];
    request.eachPage((error, page) => {
      if (error) reject(error);
      else if (page) pages.push(page);
      else resolve(pages);
      return true;
    });
  });
}

describe('the SDK for JavaScript, version 2', () => {
  test('reads an answer as it was given', async () => {
    const { $response, ...output } = await client()
      .listAssessmentRuns({ assessmentTemplateArns: [lists.template], maxResults: 500 })
      .promise();
    expect(output).toEqual({ assessmentRunArns: lists.expected.ListAssessmentRuns });
    expect($response.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const { assessmentRuns } = await client()
      .describeAssessmentRuns({ assessmentRunArns: [lists.run] })
      .promise();
    expect(assessmentRuns[0]?.createdAt).toBeInstanceOf(Date);
  });

  test.each(listNames)('its paginator of %s walks to the end', async (operation) => {
    const method = `${operation[0]?.toLowerCase()}${operation.slice(1)}`;
    const request = client().makeRequest(method, { ...lists.inputs[operation], maxResults: 2 });
    const pages = (await pagesOf(request)) as Readonly<Record<string, unknown[]>>[];
    const rows = pages.map((page) => page[listItems[operation]] ?? []);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.slice(0, -1).every((page) => page.length === 2)).toBe(true);
    expect(rows.flat().map(itemName)).toEqual(lists.expected[operation]);
  });

  test('changes things, and gives errors with their names and status', async () => {
    const sdk = client();
    const { resourceGroupArn } = await sdk
      .createResourceGroup({ resourceGroupTags: [{ key: 'nobody', value: 'x' }] })
      .promise();
    const { assessmentTargetArn } = await sdk
      .createAssessmentTarget({ assessmentTargetName: 'of version 2', resourceGroupArn })
      .promise();
    const again = sdk.createAssessmentTarget({ assessmentTargetName: 'of version 2' }).promise();
    await expect(again).rejects.toMatchObject({ code: 'InvalidInputException', statusCode: 400, retryable: false });
    // No output is an empty object.
    const { $response: _, ...nothing } = await sdk.deleteAssessmentTarget({ assessmentTargetArn }).promise();
    expect(nothing).toEqual({});
    const gone = sdk.deleteAssessmentTarget({ assessmentTargetArn }).promise();
    await expect(gone).rejects.toMatchObject({ code: 'NoSuchEntityException' });
  });

  test.each([
    ['a wrong secret', { ...testKey, secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    ['an unknown key', { ...testKey, accessKeyId: 'AKIDNOBODY' }, 'UnrecognizedClientException'],
  ])('%s', async (_name, key, code) => {
    await expect(client(key).listAssessmentRuns({}).promise()).rejects.toMatchObject({ code, statusCode: 400 });
  });
});
