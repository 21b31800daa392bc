// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so
import { expect, test } from 'vitest';
import { parseCondition } from '../../../packages/server/src/domain/policy/parse-condition.ts';
import { PolicyFault } from '../../../packages/server/src/domain/policy/policy-fault.ts';

test.each<[string, unknown, string]>([
  ['a Condition that is a list', [], 'Condition must be an object'],
  ['an unknown operator', { StringSame: { 'aws:username': 'a' } }, 'Condition.StringSame is no condition operator'],
  [
    'an operator in another case',
    { stringEquals: { 'aws:username': 'a' } },
    'Condition.stringEquals is no condition operator',
  ],
  ['NullIfExists', { NullIfExists: { 'aws:username': 'true' } }, 'Condition.NullIfExists is no condition operator'],
  ['ForAllValues:Null', { 'ForAllValues:Null': { 'aws:username': 'true' } }, 'is no condition operator'],
  ['an unknown quantifier', { 'ForSomeValues:StringEquals': { 'aws:username': 'a' } }, 'is no condition operator'],
  ['a member of Object', { toString: { 'aws:username': 'a' } }, 'Condition.toString is no condition operator'],
  ['an operator without a key', { StringEquals: {} }, 'Condition.StringEquals must name a condition key'],
  [
    'a key without a service',
    { StringEquals: { username: 'a' } },
    'Condition.StringEquals.username is no condition key',
  ],
  [
    'a key without a value',
    { StringEquals: { 'aws:username': [] } },
    'Condition.StringEquals.aws:username must have a value',
  ],
  ['a value that is an object', { StringEquals: { 'aws:username': {} } }, 'must be a string, a number, true or false'],
  ['a null value', { StringEquals: { 'aws:username': [null] } }, 'must be a string, a number, true or false'],
  ['a number that is none', { NumericEquals: { 'aws:EpochTime': '1e3' } }, 'must be a number'],
  ['a date that is none', { DateEquals: { 'aws:CurrentTime': 'tomorrow' } }, 'must be a date'],
  ['a day that is none', { DateEquals: { 'aws:CurrentTime': '2026-02-30T00:00:00Z' } }, 'must be a date'],
  ['a time without a zone', { DateEquals: { 'aws:CurrentTime': '2026-02-03T00:00:00' } }, 'must be a date'],
  ['a Bool that is none', { Bool: { 'aws:SecureTransport': 'yes' } }, 'must be true or false'],
  ['a Null that is none', { Null: { 'aws:username': 'no' } }, 'must be true or false'],
  ['an address that is none', { IpAddress: { 'aws:SourceIp': '10.0.0.256' } }, 'must be an IP address'],
  ['a prefix that is too long', { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } }, 'must be an IP address'],
  [
    'a prefix that is too long for IPv6',
    { NotIpAddress: { 'aws:SourceIp': '2001:db8::/129' } },
    'must be an IP address',
  ],
  ['an ARN of too few fields', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns' } }, 'must be an ARN of six fields'],
  ['bytes that are not base64', { BinaryEquals: { 'aws:username': '%%%' } }, 'must be base64'],
  [
    'a policy variable that is none',
    { StringLike: { 'aws:username': '${}' } },
    'Condition.StringLike.aws:username has a ${',
  ],
])('a condition is refused, with the place: %s', (_, condition, says) => {
  expect(() => parseCondition(condition, true, 'Condition')).toThrow(PolicyFault);
  expect(() => parseCondition(condition, true, 'Condition')).toThrow(says);
});
