/** The AWS CLI and boto3 with the Assay API's published model, as its users add it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import { runProgram, works } from '../support/run-program.ts';
import { addHost } from '../support/scenario.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';

/** Debian's own Python has boto3 where others on the path do not. */
const python = ['python3', '/usr/bin/python3'].find((each) => works(each, ['-c', 'import boto3']));
const noCli = !works('aws', ['--version']);
if (noCli) console.warn('aws is not there: the Assay API is not tried with the AWS CLI');
if (!python) console.warn('python3 with boto3 is not there: the Assay API is not tried with it');

const server = useServer();
const home = mkdtempSync(join(tmpdir(), 'assay-home-'));
const hosts: Agent[] = [];
beforeAll(async () => {
  for (let at = 0; at < 5; at++) hosts.push(await addHost(server(), { hostname: `h${at}`, enrolledAt: at + 1 }));
  hosts.reverse();
  for (const [path, name] of [
    ['api-model.json', 'service-2.json'],
    ['api-paginators.json', 'paginators-1.json'],
  ] as const) {
    const response = await fetch(`${server().endpoint}/${path}`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    mkdirSync(join(home, 'data/assay/2026-12-01'), { recursive: true });
    writeFileSync(join(home, 'data/assay/2026-12-01', name), await response.text());
  }
});
afterAll(() => rmSync(home, { recursive: true }));

const environment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  ...(process.env.PYENV_ROOT ? { PYENV_ROOT: process.env.PYENV_ROOT } : {}),
  AWS_ACCESS_KEY_ID: testKey.accessKeyId,
  AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey,
  AWS_DEFAULT_REGION: 'us-east-1',
});

describe.skipIf(noCli)(`aws assay${noCli ? ' (skipped: aws is not there)' : ''}`, () => {
  const aws = (...args: string[]) => runProgram('aws', args, { env: environment() });
  const assay = async (...args: string[]): Promise<unknown> => {
    const { status, stdout, stderr } = await aws('assay', '--endpoint-url', server().endpoint, ...args);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  test('configure add-model makes it a service of the CLI', async () => {
    const model = `file://${join(home, 'data/assay/2026-12-01/service-2.json')}`;
    const { status, stderr } = await aws('configure', 'add-model', '--service-model', model, '--service-name', 'assay');
    expect(status, stderr).toBe(0);
    expect(await assay('list-hosts', '--filter', 'hostnamePattern=h*,health=HEALTHY')).toMatchObject({
      hosts: hosts.map(({ id, hostname }) => ({ agentId: id, hostname })),
    });
  });

  test('an error of the model says its code', async () => {
    const args = ['assay', '--endpoint-url', server().endpoint, 'list-hosts', '--next-token', 'x'];
    const { status, stderr } = await aws(...args);
    expect(status).not.toBe(0);
    expect(stderr).toContain('(InvalidInputException)');
  });
});

describe.skipIf(!python)(`boto3${python ? '' : ' (skipped: python3 with boto3 is not there)'}`, () => {
  test('lists hosts page by page, describes them, and knows the errors', async () => {
    const program = `
import json, boto3
client = boto3.client('assay', endpoint_url='${server().endpoint}')
pages = list(client.get_paginator('list_hosts').paginate(PaginationConfig={'PageSize': 2}))
hosts = [host for page in pages for host in page['hosts']]
described = client.describe_hosts(hostArns=[host['hostArn'] for host in hosts])['hosts']
try:
    client.list_hosts(nextToken='x')
except client.exceptions.InvalidInputException as error:
    code = error.response['errorCode']
print(json.dumps([[len(page['hosts']) for page in pages], [host['agentId'] for host in described],
                  hosts[0]['enrolledAt'].timestamp(), code]))
`;
    const { status, stdout, stderr } = await runProgram(python ?? '', ['-'], {
      env: { ...environment(), AWS_DATA_PATH: join(home, 'data') },
      input: program,
    });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual([[2, 2, 1], hosts.map(({ id }) => id), 0.005, 'INVALID_PAGINATION_TOKEN']);
  });
});
