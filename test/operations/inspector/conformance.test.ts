/**
 * Every operation's input, case by case as test/support/conformance makes them from the model's constraints, with the
 * answer that is written down there. The server is strict: it holds to the model where clients taught it leniency.
 */
import { type OperationName, operations } from '@assay/model/api/operations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtOperations } from '../../support/built-operations.ts';
import { conformanceCases } from '../../support/conformance/cases.ts';
import type { ConformanceCase } from '../../support/conformance/change.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ jobs: false, strict: true, limits: { targets: 1000 } });
});
afterAll(async () => {
  await server.stop();
  const total = [...tried.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${total} conformance cases of ${tried.size} operations`);
});

const tried = new Map<OperationName, number>();

/** Undefined when the answer is right; else what is wrong with it. */
async function wrongAnswer({ operation, what, input, expected, named }: ConformanceCase): Promise<string | undefined> {
  const { status, body, headers, ...reply } = await rawRequest(server, operation, input);
  const said = status === 200 ? 'OK' : errorOf({ status, body, headers, ...reply });
  const complaint = (text: string): string => `${what}: ${text} (${String(body.message)})`;
  if (said !== expected) return complaint(`${said} where ${expected} is right`);
  if (said === 'OK') return undefined;
  const type = expected.split(' ')[0];
  if (status !== 400 || headers.get('x-amzn-errortype') !== type) return complaint(`${status} for ${type}`);
  if (expected.includes(' ') && body.canRetry !== false) return complaint('canRetry is not false');
  // The code of a neighbour does not pass for that of the place.
  const place = String(body.message)
    .replaceAll(/\[\d+\]/g, '[]')
    .split(' ')[0];
  return named === undefined || place === named ? undefined : complaint(`names ${place} and not ${named}`);
}

describe.each(builtOperations)('%s', (operation) => {
  test('answers every case as is written down', async () => {
    const cases = conformanceCases(operation);
    const wrong: string[] = [];
    for (let at = 0; at < cases.length; at += 16) {
      const answers = await Promise.all(cases.slice(at, at + 16).map(wrongAnswer));
      wrong.push(...answers.filter((answer) => answer !== undefined));
    }
    expect(wrong).toEqual([]);
    tried.set(operation, cases.length);
  });
});

test('there are at least 2,500 cases, each another, over all operations', () => {
  expect(new Set(builtOperations)).toEqual(new Set(Object.keys(operations)));
  const texts = builtOperations.flatMap((operation) =>
    conformanceCases(operation).map(({ what, input }) => `${operation} ${what} ${JSON.stringify(input)}`),
  );
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.length).toBeGreaterThanOrEqual(2500);
});
