import { beforeAll, expect, test } from 'vitest';
import { type Call, createCall } from '../../packages/console/src/api.ts';
import { describeFindings } from '../../packages/console/src/data/describe.ts';
import { findingsOf, type SeverityName, severities } from '../../packages/console/src/data/findings.ts';
import { readAll } from '../../packages/console/src/data/pages.ts';
import { createTarget, createTemplate, given, historicRun, idsOf, scopeOf, someFinding } from '../support/scenario.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
let call: Call;
let run = '';

beforeAll(async () => {
  call = createCall(server().endpoint, { ...testKey, region: 'us-east-1' });
  const template = await createTemplate(server().client(), await createTarget(server().client()));
  const [target = '', templateId = ''] = idsOf(template);
  const { store } = server().service;
  const scope = await scopeOf(server());
  const [found] = await store.templates.findMany(scope, [templateId]);
  const ended = historicRun({ target, template: templateId, rulesPackages: given(found).rulesPackages });
  await store.runs.insertMany(scope, [ended]);
  const order: SeverityName[] = ['Low', 'High', 'Informational', 'Medium', 'High', 'Low', 'Undefined'];
  const findings = Array.from({ length: 28 }, (_, at) =>
    someFinding({
      target,
      template: templateId,
      run: ended.id,
      severity: given(order[at % order.length]),
      createdAt: ended.createdAt + at,
    }),
  );
  await store.findings.insertMany(scope, findings);
  run = `${template}/run/${ended.id}`;
});

const pagesOf = async (wanted: readonly SeverityName[], size: number) => {
  const pages: SeverityName[][] = [];
  for await (const page of findingsOf(call, run, wanted, size))
    pages.push(page.map(({ severity = 'Undefined' }) => severity));
  return pages;
};

test.each([3, 8, 12, 28, 100])('come worst first in full pages of %d, each once', async (size) => {
  const pages = await pagesOf(severities, size);
  expect(pages.slice(0, -1).every((page) => page.length === size)).toBe(true);
  const all = pages.flat();
  expect(all).toHaveLength(28);
  expect(all).toEqual(all.toSorted((a, b) => severities.indexOf(a) - severities.indexOf(b)));
});

test('are only those of the severities that are asked for', async () => {
  expect(await pagesOf(['Medium'], 10)).toEqual([['Medium', 'Medium', 'Medium', 'Medium']]);
  expect(await pagesOf([], 10)).toEqual([]);
});

test('many are described in the order of their ARNs, ten in a call', async () => {
  const { findingArns } = await call('ListFindings', { assessmentRunArns: [run], maxResults: 100 });
  const shuffled = findingArns.toReversed();
  expect((await describeFindings(call, shuffled)).map(({ arn }) => arn)).toEqual(shuffled);
});

test('walking pages stops at the limit and says that there was more', async () => {
  const list = async (token: string | undefined) => {
    const { findingArns, nextToken } = await call('ListFindings', {
      assessmentRunArns: [run],
      maxResults: 10,
      ...(token === undefined ? {} : { nextToken: token }),
    });
    return { items: findingArns, nextToken };
  };
  expect(await readAll(list, 100)).toMatchObject({ complete: true, items: { length: 28 } });
  expect(await readAll(list, 15)).toMatchObject({ complete: false, items: { length: 15 } });
  expect(await readAll(list, 28)).toMatchObject({ complete: true, items: { length: 28 } });
});
