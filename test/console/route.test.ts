import { expect, test } from 'vitest';
import { parseRoute, runLink, runsLink } from '../../packages/console/src/route.ts';

const arn = 'arn:aws:inspector:us-east-1:123456789012:target/0-00000001/template/0-00000002/run/0-00000003';

test.each(['', '#', '#/', '#/runs'])('%j is the list of runs', (hash) => {
  expect(parseRoute(hash)).toEqual({ page: 'runs', filter: new URLSearchParams() });
});

test('a filter stands in the address, question marks and all', () => {
  const filter = new URLSearchParams([
    ['name', 'a?b&c*'],
    ['state', 'FAILED'],
    ['state', 'ERROR'],
  ]);
  expect(parseRoute(runsLink(filter))).toEqual({ page: 'runs', filter });
});

test('a run has a page of its own', () => {
  expect(parseRoute(runLink(arn))).toEqual({ page: 'run', arn, filter: new URLSearchParams() });
  const filter = new URLSearchParams({ sort: 'epss' });
  expect(parseRoute(runLink(arn, filter))).toEqual({ page: 'run', arn, filter });
  expect(runLink(arn, new URLSearchParams())).toBe(runLink(arn));
});

test('anything else is no page', () => {
  expect(parseRoute('#/targets')).toEqual({ page: 'targets' });
  expect(parseRoute('#/nothing')).toEqual({ page: 'unknown' });
  expect(parseRoute('#main')).toEqual({ page: 'unknown' });
});
