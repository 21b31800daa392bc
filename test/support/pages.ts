import type { OperationName } from '@assay/model/api/operations.ts';
import type { AssayOperationName } from '@assay/model/assay/operations.ts';
import { describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from './raw-request.ts';
import type { TestServer } from './test-server.ts';

export interface PageTests {
  readonly operation: OperationName | AssayOperationName;
  /** The member with the items. */
  readonly items: string;
  readonly server: () => TestServer;
  /** What selects at least five items, less nextToken and maxResults. */
  readonly input: () => Readonly<Record<string, unknown>>;
  /** Another valid input, for a token that is not its own; absent where there is none. */
  readonly otherInput?: () => Readonly<Record<string, unknown>>;
}

type Item = string | Readonly<Record<string, unknown>>;

/** Hosts are told apart by their id: the rest of them, how long they have been silent, changes by the second. */
const nameOf = (item: Item): string =>
  typeof item === 'string' ? item : typeof item.agentId === 'string' ? item.agentId : JSON.stringify(item);

/** What all lists do with maxResults and nextToken. */
export function testPages({ operation, items, server, input, otherInput }: PageTests): void {
  const ask = async (more: Readonly<Record<string, unknown>>, base = input()) => {
    const reply = await rawRequest(server(), operation, { ...base, ...more });
    expect(reply.status, reply.text).toBe(200);
    const rows = (reply.body[items] as Item[]).map(nameOf);
    return { rows, body: reply.body };
  };
  const refusal = async (nextToken: string, base = input(), options = {}) =>
    errorOf(await rawRequest(server(), operation, { ...base, nextToken }, options));
  const invalid = 'InvalidInputException INVALID_PAGINATION_TOKEN';

  describe('pages', () => {
    test('are full, of any size, and together are the whole', async () => {
      const whole = await ask({ maxResults: 500 });
      expect(whole.rows.length).toBeGreaterThanOrEqual(3);
      expect('nextToken' in whole.body).toBe(false);
      for (const sizes of [[1], [2], [1, 3, 2], [whole.rows.length], [whole.rows.length - 1]]) {
        const walked: string[] = [];
        const tokens = new Set<unknown>();
        let nextToken: unknown = null;
        for (let page = 0; ; page++) {
          const maxResults = sizes[page % sizes.length] ?? 1;
          const { rows, body } = await ask({ maxResults, nextToken });
          walked.push(...rows);
          // A full page that is the last says so.
          expect(rows).not.toEqual([]);
          if (!('nextToken' in body)) break;
          expect(rows).toHaveLength(maxResults);
          expect(String(body.nextToken).length).toBeLessThanOrEqual(300);
          expect(tokens.has(body.nextToken)).toBe(false);
          nextToken = body.nextToken;
          tokens.add(nextToken);
        }
        expect(walked).toEqual(whole.rows);
      }
    });

    test('a token is good for its own request only', async () => {
      const { body } = await ask({ maxResults: 1 });
      const token = String(body.nextToken);
      const middle = Math.floor(token.length / 2);
      const flipped = `${token.slice(0, middle)}${token[middle] === 'A' ? 'B' : 'A'}${token.slice(middle + 1)}`;
      for (const text of [flipped, token.slice(1), token.slice(0, -1), `${token}A`, `${token}=`, '1', 'null', ' ']) {
        expect(`${text}: ${await refusal(text)}`).toBe(`${text}: ${invalid}`);
      }
      if (otherInput) expect(await refusal(token, otherInput())).toBe(invalid);
      const other = operation === 'ListRulesPackages' ? 'ListAssessmentTargets' : 'ListRulesPackages';
      expect(errorOf(await rawRequest(server(), other, { nextToken: token }))).toBe(invalid);
    });
  });
}
