import { beforeAll, describe, expect, test } from 'vitest';
import { type Call, createCall } from '../../packages/console/src/api.ts';
import { severities } from '../../packages/console/src/data/findings.ts';
import {
  type FindingSort,
  sortByEpss,
  sortedFindings,
  sortOf,
} from '../../packages/console/src/data/sorted-findings.ts';
import { createTarget, createTemplate, given, historicRun, idsOf, scopeOf, someFinding } from '../support/scenario.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

const server = useServer();
let call: Call;
let run = '';

const attributesOf = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value }));
const found = [
  ['a', 'Low', { EPSS_SCORE: '0.5' }],
  ['b', 'High', {}],
  ['c', 'Low', { KNOWN_EXPLOITED: 'true', EPSS_SCORE: '0.93' }],
  ['d', 'Medium', { EPSS_SCORE: '0.93', KNOWN_EXPLOITED: 'false' }],
  ['e', 'High', { EPSS_SCORE: '0' }],
  ['f', 'Medium', { KNOWN_EXPLOITED: 'true' }],
] as const;

beforeAll(async () => {
  call = createCall(server().endpoint, { ...testKey, region: 'us-east-1' });
  const arn = await createTemplate(server().client(), await createTarget(server().client()));
  const [target = '', template = ''] = idsOf(arn);
  const { store } = server().service;
  const scope = await scopeOf(server());
  const [record] = await store.templates.findMany(scope, [template]);
  const ended = historicRun({ target, template, rulesPackages: given(record).rulesPackages });
  await store.runs.insertMany(scope, [ended]);
  await store.findings.insertMany(
    scope,
    found.map(([title, severity, attributes], at) =>
      someFinding({
        ...{ target, template, run: ended.id, severity, createdAt: ended.createdAt + at },
        document: { title, attributes: attributesOf(attributes), userAttributes: [] },
      }),
    ),
  );
  run = `${arn}/run/${ended.id}`;
});

const pagesOf = async (sort: FindingSort, size: number, attributes = {}, limit?: number): Promise<string[]> => {
  const pages: string[] = [];
  const wanted = { run, wanted: severities, attributes: attributesOf(attributes) };
  for await (const page of sortedFindings(call, wanted, sort, size, limit))
    pages.push(page.map(({ title }) => title).join(''));
  return pages;
};

describe('a run’s findings in full pages, each once', () => {
  test.each([
    ['severity', ['ebfd', 'ca']],
    ['exploited', ['fceb', 'da']],
    ['epss', ['dcae', 'bf']],
  ] as const)('%s first', async (sort, pages) => {
    expect(await pagesOf(sort, 4)).toEqual(pages);
    expect(await pagesOf(sort, 100)).toEqual([pages.join('')]);
    expect((await pagesOf(sort, 1)).join('')).toBe(pages.join(''));
  });

  test('beyond the limit they follow by severity, and none is lost', async () => {
    expect(await pagesOf('epss', 2, {}, 4)).toEqual(['de', 'bf', 'ca']);
  });

  test.each(['exploited', 'epss'] as const)('with a choice of attributes: %s first', async (sort) => {
    const order = sort === 'epss' ? 'cf' : 'fc';
    expect(await pagesOf(sort, 10, { KNOWN_EXPLOITED: 'true' })).toEqual([order]);
    expect(await pagesOf(sort, 10, { EPSS_SCORE: '0.93' })).toEqual([sort === 'epss' ? 'dc' : 'cd']);
  });
});

test('by EPSS: what has no score, or none that is one, comes last and stays in order', () => {
  const scores = ['', '0.2', 'NaN', '7', '1', '-1', '1e-7', undefined, '0', '0.2'];
  const findings = scores.map((value, at) => ({
    at,
    attributes: [{ key: 'EPSS_SCORE', ...(value === undefined ? {} : { value }) }],
  }));
  expect(sortByEpss(findings).map(({ at }) => at)).toEqual([4, 1, 9, 6, 8, 0, 2, 3, 5, 7]);
  expect(findings.map(({ at }) => at)).toEqual(scores.map((_, at) => at));
});

test.each([null, '', 'name', 'toString', '__proto__', 'EPSS'])(
  'an address that asks for %j gets the worst first',
  (text) => {
    expect(sortOf(text)).toBe('severity');
  },
);

test('an address names an order', () => {
  expect(['severity', 'exploited', 'epss'].map(sortOf)).toEqual(['severity', 'exploited', 'epss']);
});
