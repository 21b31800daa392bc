import type { OperationName } from '@assay/model/api/operations.ts';
import { describe, expect, test } from 'vitest';
import { errorOf, rawRequest } from './raw-request.ts';
import { given, idsOf, newId, withId } from './scenario.ts';
import { startTestServer, type TestServer } from './test-server.ts';

export interface DescribedItemsTests {
  readonly operation: OperationName;
  /** The member that takes the ARNs. */
  readonly member: string;
  /** The member with what was found. */
  readonly items: string;
  readonly server: () => TestServer;
  /** At least three that are there. */
  readonly own: () => readonly string[];
  /** The most that --strict takes. */
  readonly strictMaximum: number;
}

interface Reply {
  readonly found: readonly string[];
  readonly failed: Readonly<Record<string, { readonly failureCode: string; readonly retryable: boolean }>>;
}

/** What all Describe* calls do with their ARNs. */
export function describeItems({ operation, member, items, server, own, strictMaximum }: DescribedItemsTests): void {
  const ask = async (arns: readonly string[], options = {}): Promise<Reply> => {
    const reply = await rawRequest(server(), operation, { [member]: arns }, options);
    expect(reply.text).not.toContain('"errorCode"');
    const found = reply.body[items] as { arn: string }[] | Record<string, { arn: string }>;
    return {
      found: Object.values(found).map(({ arn }) => arn),
      failed: reply.body.failedItems as Reply['failed'],
    };
  };
  const codes = ({ failed }: Reply) =>
    Object.fromEntries(Object.entries(failed).map(([arn, { failureCode }]) => [arn, failureCode]));

  describe('the items of a description', () => {
    test('come in the order that was asked for', async () => {
      const arns = own().slice(0, 3);
      expect(await ask(arns)).toEqual({ found: arns, failed: {} });
      expect((await ask(arns.toReversed())).found).toEqual(arns.toReversed());
    });

    test('come once, and a repetition is reported', async () => {
      const [first, second] = [given(own()[0]), given(own()[1])];
      const reply = await ask([first, second, first, first]);
      expect(reply.found).toEqual([first, second]);
      expect(codes(reply)).toEqual({ [first]: 'DUPLICATE_ARN' });
    });

    test('that cannot be described are failed items with their reason, and the call succeeds', async () => {
      const arn = given(own()[0]);
      const last = idsOf(arn).length - 1;
      const isPackage = arn.includes(':rulespackage/');
      const account = given(/:(\d{12}):/.exec(arn)?.[1]);
      const expected: Record<string, string> = {
        nonsense: 'INVALID_ARN',
        __proto__x: 'INVALID_ARN',
        [`${arn}x`]: 'INVALID_ARN',
        [arn.replace(/[a-z]+\/0-\w{8}$/, 'other/0-aaaaaaaa')]: 'INVALID_ARN',
        // Rules packages are published under accounts of the service: another account's is not there.
        [arn.replace(account, '210987654321')]: isPackage ? 'ITEM_DOES_NOT_EXIST' : 'ACCESS_DENIED',
        [arn.replace('us-east-1', 'eu-west-1')]: 'ITEM_DOES_NOT_EXIST',
        [withId(arn, last, newId())]: 'ITEM_DOES_NOT_EXIST',
      };
      for (let parent = 0; parent < last; parent++) expected[withId(arn, parent, newId())] = 'ITEM_DOES_NOT_EXIST';
      const reply = await ask([...Object.keys(expected), arn]);
      expect(codes(reply)).toEqual(expected);
      expect(Object.values(reply.failed).every(({ retryable }) => retryable === false)).toBe(true);
      expect(reply.found).toEqual([arn]);
    });

    test('named __proto__ fail like any other text', async () => {
      const { failed } = await ask(['__proto__', 'toString']);
      expect(Object.keys(failed).sort()).toEqual(['__proto__', 'toString']);
    });

    test('are up to 100', async () => {
      const arns = Array.from(
        { length: 100 },
        (_, at) => own()[at] ?? withId(given(own()[0]), idsOf(given(own()[0])).length - 1, newId()),
      );
      const { found, failed } = await ask(arns);
      expect(found.length + Object.keys(failed).length).toBe(100);
      const reply = await rawRequest(server(), operation, { [member]: [...arns, 'one more'] });
      expect(errorOf(reply)).toMatch(/^InvalidInputException INVALID_(NUMBER_OF_\w+_ARNS|RESOURCE_ARN)$/);
    });

    test(`are up to ${strictMaximum} when the server is strict`, async () => {
      const strict = await startTestServer({ strict: true, jobs: false });
      try {
        const send = (count: number) =>
          rawRequest(strict, operation, { [member]: Array.from({ length: count }, (_, at) => `text ${at}`) });
        expect((await send(strictMaximum)).status).toBe(200);
        expect(errorOf(await send(strictMaximum + 1))).toMatch(/^InvalidInputException INVALID_/);
      } finally {
        await strict.stop();
      }
    });
  });

  // Rules packages are the same for every account.
  if (operation === 'DescribeRulesPackages') return;
  test('another account and another region see nothing', async () => {
    const arns = own().slice(0, 3);
    const key = await server().addKey(`AKID${operation.toUpperCase()}`, '210987654321');
    const foreign = await ask(arns, { key });
    expect(foreign.found).toEqual([]);
    expect(new Set(Object.values(codes(foreign)))).toEqual(new Set(['ACCESS_DENIED']));
    const elsewhere = await ask(arns, { region: 'eu-west-1' });
    expect(elsewhere.found).toEqual([]);
    expect(new Set(Object.values(codes(elsewhere)))).toEqual(new Set(['ITEM_DOES_NOT_EXIST']));
  });
}
