/** What the findings' filter says in the address, and what is asked for. */
import { expect, test } from 'vitest';
import { changesOf, searchOf, tokensOfSearch } from '../../packages/console/src/pages/findings/search.ts';

const asked = (address: string) => searchOf(tokensOfSearch(new URLSearchParams(address)));
const local = (text: string): number => new Date(text).getTime() / 1000;

test('all filters together; a comma belongs to the name of a rule', () => {
  const rule = 'Recognized ports reachable from the internet, with no listener';
  const query = new URLSearchParams([
    ['rule', rule],
    ['rule', 'CVE-2026-1'],
    ['severity', 'Low,High'],
    ['package', 'curl'],
    ['rules-package', 'arn:p'],
    ['host', 'arn:h'],
    ['found-from', '2026-03-01T10:00'],
    ['found-to', '2026-03-02T10:00'],
  ]);
  expect(asked(query.toString())).toEqual({
    ruleNames: [rule, 'CVE-2026-1'],
    severities: ['High', 'Low'],
    packageName: 'curl',
    rulesPackageArns: ['arn:p'],
    hostArns: ['arn:h'],
    createdAfter: local('2026-03-01T10:00'),
    createdBefore: local('2026-03-02T10:00'),
  });
});

test('what cannot be read filters nothing', () => {
  expect(asked('severity=Dreadful&found-from=yesterday&other=1&package=')).toEqual({});
});

test('tokens go into the address and come back; what is gone is cleared, and the newest range holds', () => {
  const changes = changesOf([
    { operator: '=', value: 'CVE-2026-1' },
    { propertyKey: 'severity', operator: '=', value: ['High', 'Medium'] },
    { propertyKey: 'found-from', operator: '>=', value: '2026-03-01T10:00' },
    { propertyKey: 'found-from', operator: '>=', value: '2026-03-02T10:00' },
    { propertyKey: 'found-from', operator: '<=', value: null },
  ]);
  expect(changes).toEqual({
    rule: ['CVE-2026-1'],
    severity: ['High', 'Medium'],
    'found-from': ['2026-03-02T10:00'],
    'found-to': [],
    package: [],
    'rules-package': [],
    host: [],
  });
  const query = new URLSearchParams(
    Object.entries(changes).flatMap(([name, all]) => all.map((value) => [name, value])),
  );
  expect(changesOf(tokensOfSearch(query))).toEqual(changes);
});
