import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newResourceId } from '../../packages/server/src/domain/ids.ts';
import { createPageTokens } from '../../packages/server/src/operations/page-tokens.ts';
import { issueEnrollmentTokens } from '../../packages/server/src/runtime/issue-enrollment-tokens.ts';
import { propertyRuns } from '../support/effort.ts';

const binding = { operation: 'ListAssessmentRuns', account: '123456789012', region: 'us-east-1', input: {} };
/** The AWS CLI, and other programs that take words with hyphens for options, pass it on as it is. */
const WORD = /^[0-9A-Za-z][0-9A-Za-z_-]*$/;

test('a page token comes back as it was given, and is a word for any command line', () => {
  fc.assert(
    fc.property(fc.nat({ max: 4_000_000_000_000 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (at, key) => {
      const tokens = createPageTokens(key);
      const position = { at, id: newResourceId(randomBytes) };
      const token = tokens.write(position, binding);
      expect(token).toMatch(WORD);
      expect(tokens.read(token, binding)).toEqual(position);
      expect(() => tokens.read(token, { ...binding, operation: 'ListFindings' })).toThrow(/nextToken/);
    }),
    { numRuns: propertyRuns(1000) },
  );
});

test('so is an enrolment token', async () => {
  const made: string[] = [];
  const tables = {
    scopes: { find: async () => 1, idOf: async () => 1 },
    enrollmentTokens: {
      insertMany: async (rows: { readonly digest: string }[]) => void made.push(...rows.map(({ digest }) => digest)),
    },
  };
  const transaction = (work: (given: never) => Promise<unknown>) => work(tables as never);
  const scope = { account: '123456789012', region: 'us-east-1' };
  for (const token of await issueEnrollmentTokens({ transaction } as never, scope, 1000, 500)) {
    expect(token).toMatch(WORD);
  }
  expect(new Set(made).size).toBe(500);
});
