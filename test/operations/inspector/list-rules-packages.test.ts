import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testPages } from '../../support/pages.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { rulesPackages } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { sharedFile, skipNote } from '../../support/shared-data.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();

describeSerialization('ListRulesPackages', server);

describe('validation', () => {
  testPages({ operation: 'ListRulesPackages', items: 'rulesPackageArns', server, input: () => ({}) });

  test('a token of another region or account is not good here', async () => {
    const { body } = await rawRequest(server(), 'ListRulesPackages', { maxResults: 1 });
    const elsewhere = await rawRequest(
      server(),
      'ListRulesPackages',
      { nextToken: body.nextToken },
      { region: 'eu-west-1' },
    );
    expect(elsewhere.body.errorCode).toBe('INVALID_PAGINATION_TOKEN');
    const key = await server().addKey('AKIDOTHER', '210987654321');
    const foreign = await rawRequest(server(), 'ListRulesPackages', { nextToken: body.nextToken }, { key });
    expect(foreign.body.errorCode).toBe('INVALID_PAGINATION_TOKEN');
  });
});

describe('behaviour', () => {
  const { file, absent } = sharedFile('inspector/rules-package-arns.json');
  test.skipIf(absent)(`every region has its published packages${skipNote(absent)}`, async () => {
    const table = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      { partition: string; account: string; packages: Record<string, string> }
    >;
    expect(Object.keys(table)).toHaveLength(14);
    for (const [region, { partition, account, packages }] of Object.entries(table)) {
      const prefix = `arn:${partition}:inspector:${region}:${account}:rulespackage/`;
      const expected = Object.values(packages).map((id) => prefix + id);
      expect((await rulesPackages(server().client(region))).toSorted()).toEqual(expected.sort());
    }
  });
  test('a region without published packages gets the same four every time', async () => {
    const first = await rulesPackages(server().client('mars-central-7'));
    expect(first).toHaveLength(4);
    expect(new Set(first).size).toBe(4);
    expect(await rulesPackages(server().client('mars-central-7'))).toEqual(first);
    for (const arn of first)
      expect(arn).toMatch(/^arn:aws:inspector:mars-central-7:\d{12}:rulespackage\/0-[0-9A-Za-z]{8}$/);
  });
});
