import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readArguments } from '../../../packages/agent/src/cli/arguments.ts';
import { readConfiguration, writeConfiguration } from '../../../packages/agent/src/cli/configuration.ts';
import { takeToken } from '../../../packages/agent/src/cli/token.ts';
import { temporaryDirectory } from '../agent-server.ts';

test('a configuration is read as it was written', () => {
  const file = join(temporaryDirectory(), 'config.json');
  expect(readConfiguration(file)).toBeUndefined();
  const configuration = {
    server: 'https://assay.example.com:8020/',
    tags: [{ key: 'Env', value: 'a=b' }],
    ca: '/etc/assay-agent/ca.pem',
    insecureHttp: false,
    user: 'assay-agent',
    madeUser: true,
  };
  writeConfiguration(file, configuration);
  expect(readConfiguration(file)).toEqual(configuration);
});

test.each([
  ['', 'is not JSON'],
  ['{"server": ', 'is not JSON'],
  ['[]', 'is not a configuration'],
  ['{}', 'is not a configuration'],
  ['{"server": 5}', 'is not a configuration'],
  ['{"server": "x", "tags": [{"key": ""}]}', 'is not a configuration'],
  [`{"server": "${'x'.repeat(5000)}"}`, 'is not a configuration'],
])('a damaged configuration is refused by name: %s', (text, complaint) => {
  const file = join(temporaryDirectory(), 'config.json');
  writeFileSync(file, text);
  expect(() => readConfiguration(file)).toThrow(complaint);
});

test.each([
  [['--nonsense'], /Unknown option '--nonsense'/],
  [['server'], /Unexpected argument 'server'/],
  [['--server'], /'--server <value>' argument missing/],
  [['--server', 'assay.example.com'], /must be a URL/],
  [['--tag', 'no value'], /must be Key=Value/],
  [['--user', '../root'], /must be the name of a user/],
  [['--user', '$(id)'], /must be the name of a user/],
  // Of another command.
  [['--once'], /Unknown option '--once'/],
])('arguments that are wrong are refused by name: %j', (args, complaint) => {
  expect(() => readArguments(args, ['server', 'tag', 'user'])).toThrow(complaint);
});

test('a token leaves the environment of this process when it is taken', () => {
  const env: NodeJS.ProcessEnv = { ASSAY_ENROLLMENT_TOKEN: 'secret', PATH: '/bin' };
  expect(takeToken(undefined, env)).toBe('secret');
  expect(env).toEqual({ PATH: '/bin' });
  expect(takeToken(undefined, env)).toBeUndefined();
  const file = join(temporaryDirectory(), 'token');
  writeFileSync(file, 'from a file\n');
  expect(takeToken(file, { ASSAY_ENROLLMENT_TOKEN: 'other' })).toBe('from a file');
  expect(() => takeToken('/nowhere', {})).toThrow(/token cannot be read/);
});
