import { expect, test } from 'vitest';
import { meaningOf } from '../../packages/server/src/operations/meaning-of.ts';

const plain = meaningOf({ filter: { states: ['FAILED', 'COMPLETED'] } });

test.each([
  ['order', { filter: { states: ['COMPLETED', 'FAILED'] } }],
  ['repetition', { filter: { states: ['FAILED', 'FAILED', 'COMPLETED'] } }],
  ['an empty list', { assessmentTemplateArns: [], filter: { rulesPackageArns: [], states: ['FAILED', 'COMPLETED'] } }],
  ['an empty range', { filter: { startTimeRange: {}, durationRange: {}, states: ['FAILED', 'COMPLETED'] } }],
  ['null', { assessmentTemplateArns: null, filter: { namePattern: null, states: ['FAILED', 'COMPLETED'] } }],
])('%s asks for nothing else', (_, input) => {
  expect(meaningOf(input)).toEqual(plain);
});

test.each([
  ['another value', { filter: { states: ['FAILED', 'ERROR'] } }],
  ['one value less', { filter: { states: ['FAILED'] } }],
  ['another member', { filter: { states: ['FAILED', 'COMPLETED'], namePattern: '*' } }],
  ['another place', { states: ['FAILED', 'COMPLETED'] }],
])('%s does', (_, input) => {
  expect(JSON.stringify(meaningOf(input))).not.toBe(JSON.stringify(plain));
});

test('pairs keep their sides', () => {
  const pair = (key: string, value?: string) => ({ filter: { attributes: [{ key, value }] } });
  expect(meaningOf(pair('a', 'b'))).not.toEqual(meaningOf(pair('b', 'a')));
  expect(meaningOf(pair('a'))).not.toEqual(meaningOf(pair('a', 'b')));
  const one = { key: 'a', value: '1' };
  const two = { value: '2', key: 'b' };
  expect(JSON.stringify(meaningOf([one, two]))).toBe(JSON.stringify(meaningOf([two, one, { ...two }])));
});
