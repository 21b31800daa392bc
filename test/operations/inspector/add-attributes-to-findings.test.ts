import { AddAttributesToFindingsCommand, DescribeFindingsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun } from '../../support/full-run.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import {
  createTarget,
  createTemplate,
  given,
  historicRun,
  newId,
  scopeOf,
  someFinding,
} from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let findings: readonly string[] = [];
let template = '';
beforeAll(async () => {
  template = await createTemplate(server().client(), await createTarget(server().client()));
});
/** Three findings with the user attribute team=blue. */
async function fresh(): Promise<void> {
  ({ findings } = await addFullRun(server(), template, newId()));
}
const add = (findingArns: readonly string[], attributes: readonly object[]) =>
  rawRequest(server(), 'AddAttributesToFindings', { findingArns, attributes });
async function attributesOf(arn: string) {
  const described = await server()
    .client()
    .send(new DescribeFindingsCommand({ findingArns: [arn] }));
  const [finding] = given(described.findings);
  return { user: finding?.userAttributes, system: finding?.attributes, updatedAt: given(finding?.updatedAt).getTime() };
}

describeSerialization('AddAttributesToFindings', server);

describe('validation', () => {
  test('a key twice is INVALID_USER_ATTRIBUTE_KEY, with one value or two', async () => {
    await fresh();
    for (const value of ['a', 'b']) {
      const reply = await add(findings.slice(0, 1), [
        { key: 'k', value: 'a' },
        { key: 'k', value },
      ]);
      expect(errorOf(reply)).toBe('InvalidInputException INVALID_USER_ATTRIBUTE_KEY');
    }
    expect((await attributesOf(given(findings[0]))).user).toEqual([{ key: 'team', value: 'blue' }]);
  });
  test('more than ten findings are refused by a server that is not strict, too', async () => {
    const reply = await add(
      Array.from({ length: 11 }, () => 'x'),
      [{ key: 'k' }],
    );
    expect(errorOf(reply)).toBe('InvalidInputException INVALID_NUMBER_OF_FINDING_ARNS');
  });
});

describe('behaviour', () => {
  test('attributes are added, and one whose key is there gets the new value in its place', async () => {
    await fresh();
    const client = server().client();
    const before = await attributesOf(given(findings[0]));
    const attributes = [{ key: 'owner', value: 'me' }, { key: 'team', value: 'red' }, { key: 'bare' }];
    const { failedItems } = await client.send(
      new AddAttributesToFindingsCommand({ findingArns: findings.slice(0, 2), attributes }),
    );
    expect(failedItems).toEqual({});
    for (const arn of findings.slice(0, 2)) {
      const after = await attributesOf(arn);
      expect(after.user).toEqual([{ key: 'team', value: 'red' }, { key: 'owner', value: 'me' }, { key: 'bare' }]);
      expect(after.system).toEqual(before.system);
      expect(after.updatedAt).toBeGreaterThan(before.updatedAt);
    }
    expect((await attributesOf(given(findings[2]))).user).toEqual([{ key: 'team', value: 'blue' }]);
  });

  test('filters of ListFindings see them at once', async () => {
    await fresh();
    const run = given(findings[0]).replace(/\/finding\/.*/, '');
    const listed = async (pair: object) => {
      const input = { assessmentRunArns: [run], filter: { userAttributes: [pair] } };
      return (await rawRequest(server(), 'ListFindings', input)).body.findingArns;
    };
    await add(findings.slice(0, 1), [{ key: 'team', value: 'red' }]);
    expect(await listed({ key: 'team', value: 'red' })).toEqual(findings.slice(0, 1));
    expect(await listed({ key: 'team', value: 'blue' })).toEqual(findings.slice(1).toReversed());
  });

  test('what is there already moves nothing, not even updatedAt', async () => {
    await fresh();
    const before = await attributesOf(given(findings[0]));
    await add(findings.slice(0, 1), [{ key: 'team', value: 'blue' }]);
    expect(await attributesOf(given(findings[0]))).toEqual(before);
    await add(findings.slice(0, 1), []);
    expect(await attributesOf(given(findings[0]))).toEqual(before);
  });

  test('an eleventh attribute is LIMIT_EXCEEDED for its finding, and the others get theirs', async () => {
    await fresh();
    const [full = '', free = ''] = findings;
    const nine = Array.from({ length: 9 }, (_, at) => ({ key: `key ${at}`, value: 'v' }));
    expect((await add([full], nine)).body).toEqual({ failedItems: {} });
    const { body } = await add([full, free], [{ key: 'one more' }]);
    expect(body).toEqual({ failedItems: { [full]: { failureCode: 'LIMIT_EXCEEDED', retryable: false } } });
    expect((await attributesOf(full)).user).toHaveLength(10);
    expect((await attributesOf(free)).user).toHaveLength(2);
    // A new value takes no room.
    expect((await add([full], [{ key: 'key 1', value: 'w' }])).body).toEqual({ failedItems: {} });
  });

  test('what cannot be changed fails by itself, and the rest is changed', async () => {
    await fresh();
    const [first = '', second = ''] = findings;
    const foreign = first.replace('123456789012', '210987654321');
    const gone = first.replace(/[^/]*$/, newId());
    const { status, body } = await add([first, 'nonsense', foreign, gone, second, second], [{ key: 'k', value: 'v' }]);
    expect(status).toBe(200);
    const codes = Object.entries(body.failedItems as Record<string, { failureCode: string }>).map(
      ([arn, { failureCode }]) => [arn, failureCode],
    );
    expect(Object.fromEntries(codes)).toEqual({
      nonsense: 'INVALID_ARN',
      [foreign]: 'ACCESS_DENIED',
      [gone]: 'ITEM_DOES_NOT_EXIST',
      [second]: 'DUPLICATE_ARN',
    });
    for (const arn of [first, second]) expect((await attributesOf(arn)).user).toContainEqual({ key: 'k', value: 'v' });
  });

  test('a finding of a run in progress is not there yet', async () => {
    const { store } = server().service;
    const scope = await scopeOf(server());
    const [, target = '', id = ''] = /target\/(.*)\/template\/(.*)/.exec(template) ?? [];
    const [row] = await store.templates.findMany(scope, [id]);
    const run = historicRun({
      target,
      template: id,
      rulesPackages: given(row).rulesPackages,
      state: 'EVALUATING_RULES',
      completedAt: null,
      imported: false,
    });
    const finding = someFinding({ target, template: id, run: run.id });
    await store.runs.insertMany(scope, [run]);
    await store.findings.insertMany(scope, [finding]);
    const arn = `${template}/run/${run.id}/finding/${finding.id}`;
    const { body } = await add([arn], [{ key: 'k' }]);
    expect(body).toEqual({ failedItems: { [arn]: { failureCode: 'ITEM_DOES_NOT_EXIST', retryable: false } } });
  });
});
