import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun } from '../../support/full-run.ts';
import { testPages } from '../../support/pages.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { createTarget, createTemplate, given, idsOf, newId, scopeOf, withId } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let run = '';
let other = '';
let exclusions: readonly string[] = [];
beforeAll(async () => {
  const template = await createTemplate(server().client(), await createTarget(server().client()));
  ({ run, exclusions } = await addFullRun(server(), template, 'one'));
  other = (await addFullRun(server(), template, 'other')).run;
});

describeSerialization('ListExclusions', server);

describe('validation', () => {
  testReferences({
    operation: 'ListExclusions',
    kind: 'run',
    server,
    own: () => run,
    input: (assessmentRunArn) => ({ assessmentRunArn }),
  });
  testPages({
    operation: 'ListExclusions',
    items: 'exclusionArns',
    server,
    input: () => ({ assessmentRunArn: run }),
    otherInput: () => ({ assessmentRunArn: other }),
  });
  test('form comes before existence', async () => {
    const input = { assessmentRunArn: withId(run, 2, newId()), nextToken: 'no' };
    expect(errorOf(await rawRequest(server(), 'ListExclusions', input))).toBe(
      'InvalidInputException INVALID_PAGINATION_TOKEN',
    );
  });
});

describe('behaviour', () => {
  test('those of the run, newest first', async () => {
    const { body } = await rawRequest(server(), 'ListExclusions', { assessmentRunArn: run });
    expect(body).toEqual({ exclusionArns: exclusions.toReversed() });
  });
  test('a hundred unless asked otherwise', async () => {
    const [target = '', template = '', id = ''] = idsOf(other);
    const document = { title: 't', description: 'd', recommendation: 'r', scopes: [], attributes: [] };
    await server().service.store.exclusions.insertMany(
      await scopeOf(server()),
      Array.from({ length: 120 }, (_, at) => ({
        id: newId(),
        target,
        template,
        run: id,
        subject: `more ${at}`,
        document,
        createdAt: at,
      })),
    );
    const first = await rawRequest(server(), 'ListExclusions', { assessmentRunArn: other });
    expect(first.body.exclusionArns).toHaveLength(100);
    const second = await rawRequest(server(), 'ListExclusions', {
      assessmentRunArn: other,
      nextToken: given(first.body.nextToken as string),
    });
    expect(second.body.exclusionArns).toHaveLength(23);
    expect(second.body).not.toHaveProperty('nextToken');
  });
});
