import { CreateAssessmentTargetCommand, ListAssessmentTargetsCommand } from '@aws-sdk/client-inspector';
import { beforeAll, describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { given } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
const names = ['alpha', 'Alpha', 'alpha beta', 'a%', 'a_', 'a?', 'a[b]', 'a\\', 'ä😀', 'beta alpha', 'x', 'y'];
const arns = new Map<string, string>();
beforeAll(async () => {
  for (const assessmentTargetName of names) {
    const create = new CreateAssessmentTargetCommand({ assessmentTargetName });
    arns.set(assessmentTargetName, given((await server().client().send(create)).assessmentTargetArn));
  }
});

describeSerialization('ListAssessmentTargets', server);

describe('validation', () => {
  testPages({
    operation: 'ListAssessmentTargets',
    items: 'assessmentTargetArns',
    server,
    input: () => ({}),
    otherInput: () => ({ filter: { assessmentTargetNamePattern: '*' } }),
  });
});

describe('behaviour', () => {
  const newestFirst = (chosen: readonly string[]) => chosen.map((name) => arns.get(name)).toReversed();

  test('newest first, ten unless asked otherwise', async () => {
    const { assessmentTargetArns, nextToken } = await server().client().send(new ListAssessmentTargetsCommand({}));
    expect(assessmentTargetArns).toEqual(newestFirst(names).slice(0, 10));
    expect(nextToken).toBeDefined();
  });

  test.each([
    ['alpha', ['alpha']],
    ['alpha*', ['alpha', 'alpha beta']],
    ['*alpha', ['alpha', 'beta alpha']],
    ['*', names],
    ['a%', ['a%']],
    ['a_', ['a_']],
    ['a?', ['a?']],
    ['a[b]', ['a[b]']],
    ['a\\', ['a\\']],
    ['?', []],
    ['ä*', ['ä😀']],
    ['*😀', ['ä😀']],
    ['*beta*', ['alpha beta', 'beta alpha']],
    ['none', []],
  ])('the name pattern %j', async (assessmentTargetNamePattern, expected) => {
    const list = new ListAssessmentTargetsCommand({ filter: { assessmentTargetNamePattern }, maxResults: 500 });
    const reply = await server().client().send(list);
    expect(reply.assessmentTargetArns).toEqual(newestFirst(expected));
  });

  test.each([{}, null])('the filter %j is none', async (filter) => {
    const reply = await rawRequest(server(), 'ListAssessmentTargets', { filter, maxResults: 500 });
    expect(reply.body).toEqual({ assessmentTargetArns: newestFirst(names) });
  });

  test('another account and another region have none', async () => {
    const key = await server().addKey('AKIDOTHER', '210987654321');
    const list = new ListAssessmentTargetsCommand({});
    for (const client of [server().client('us-east-1', key), server().client('eu-west-1')]) {
      const { assessmentTargetArns, nextToken } = await client.send(list);
      expect(assessmentTargetArns).toEqual([]);
      expect(nextToken).toBeUndefined();
    }
  });
});
