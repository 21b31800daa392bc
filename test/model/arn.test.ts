import {
  type Arn,
  exclusionArn,
  findingArn,
  parseArn,
  partitionOf,
  resourceGroupArn,
  rulesPackageArn,
  runArn,
  targetArn,
  templateArn,
} from '@assay/model/arn.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const id = fc
  .string({ unit: fc.constantFrom(...alphabet), minLength: 8, maxLength: 8 })
  .map((characters) => `0-${characters}`);
const scope = fc.record({
  account: fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 12 }),
  region: fc.constantFrom('us-east-1', 'cn-north-1', 'us-gov-west-1', 'eu-isoe-west-1', 'mars-1', 'x'),
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(scope, id, id, id, id, (where, target, template, run, leaf) => {
      const base = { partition: partitionOf(where.region), region: where.region, account: where.account };
      const written: [string, Pick<Arn, 'kind' | 'ids'>][] = [
        [resourceGroupArn(where, leaf), { kind: 'resourcegroup', ids: [leaf] }],
        [rulesPackageArn(where, leaf), { kind: 'rulespackage', ids: [leaf] }],
        [targetArn(where, target), { kind: 'target', ids: [target] }],
        [templateArn(where, target, template), { kind: 'template', ids: [target, template] }],
        [runArn(where, target, template, run), { kind: 'run', ids: [target, template, run] }],
        [findingArn(where, target, template, run, leaf), { kind: 'finding', ids: [target, template, run, leaf] }],
        [exclusionArn(where, target, template, run, leaf), { kind: 'exclusion', ids: [target, template, run, leaf] }],
      ];
      for (const [text, parts] of written) {
        expect(parseArn(text)).toEqual({ ...base, ...parts });
        expect(text.length).toBeLessThanOrEqual(300);
      }
    }),
  );
});

const run = 'arn:aws:inspector:us-west-2:123456789012:target/0-0kFIPusq/template/0-4r1V2mAw/run/0-MKkpXXPE';

test("the reference's own example", () => {
  expect(parseArn(run)).toEqual({
    partition: 'aws',
    region: 'us-west-2',
    account: '123456789012',
    kind: 'run',
    ids: ['0-0kFIPusq', '0-4r1V2mAw', '0-MKkpXXPE'],
  });
});

test.each([
  '',
  'arn',
  run.slice(0, -1),
  `${run}x`,
  `${run}/`,
  `${run}\n`,
  ` ${run}`,
  `${run}/finding`,
  `${run}/report/0-MKkpXXPE`,
  run.replace('inspector', 'inspector2'),
  run.replace('arn:', 'ARN:'),
  run.replace('123456789012', '12345678901'),
  run.replace('123456789012', '１２３４５６７８９０１２'),
  run.replace('us-west-2', ''),
  run.replace('us-west-2', 'US-WEST-2'),
  run.replace('0-0kFIPusq', '0-0kFIPus/'),
  run.replace('template', 'target'),
  run.replace('/template/0-4r1V2mAw', ''),
  'arn:aws:inspector:us-west-2:123456789012:template/0-4r1V2mAw',
  'arn:aws:inspector:us-west-2:123456789012:resourcegroup/0-4r1V2mAw/run/0-MKkpXXPE',
])('%j is no ARN of this API', (text) => expect(parseArn(text)).toBeUndefined());

test.each([
  ['us-east-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['eu-central-1', 'aws'],
])('%s is in the partition %s', (region, partition) => expect(partitionOf(region)).toBe(partition));
