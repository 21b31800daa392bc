import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { installScript } from '../../packages/server/src/wire/install-script.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { useServer } from '../support/use-server.ts';

const FILES: Readonly<Record<string, string>> = {
  'assay-agent-linux-x64': 'as if it were an executable',
  'assay-agent.cjs': 'as if it were a script',
};
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const sums = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(([name, text]) => `${sha256(text)}  ${name}\n`)
    .join('');

const agentFiles = temporaryDirectory();
const server = useServer({ service: { agentFiles } });
const without = useServer({ service: { agentFiles: join(agentFiles, 'nothing') } });
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server().endpoint}${path}`, { headers: { 'accept-encoding': 'identity', ...headers } });

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(agentFiles, name), text);
  writeFileSync(join(agentFiles, 'assay-agent-linux-x64.gz'), gzipSync(FILES['assay-agent-linux-x64'] ?? ''));
  writeFileSync(join(agentFiles, 'SHA256SUMS'), sums(FILES));
  writeFileSync(join(agentFiles, 'secret'), 'not in the list');
});

test.each(Object.entries(FILES))('GET /agent/%s is the file, whole and named by its digest', async (name, text) => {
  const response = await get(`/agent/${name}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('etag')).toBe(`"${sha256(text)}"`);
  expect(response.headers.get('content-length')).toBe(`${text.length}`);
  expect(await response.text()).toBe(text);
  expect((await get(`/agent/${name}`, { 'if-none-match': `"${sha256(text)}"` })).status).toBe(304);
});

test.each([
  ['gzip', 'gzip'],
  ['deflate, gzip;q=0.5', 'gzip'],
  ['gzip;q=0', null],
  ['br', null],
])('to a client that accepts %s it comes as %s, the same', async (accepted, encoding) => {
  const response = await get('/agent/assay-agent-linux-x64', { 'accept-encoding': accepted });
  expect(response.headers.get('content-encoding')).toBe(encoding);
  expect(await response.text()).toBe(FILES['assay-agent-linux-x64']);
});

test.each([
  'secret',
  'SHA256SUMS.gz',
  'assay-agent-linux-x64.gz',
  '..%2fpackage.json',
  'constructor',
  'assay-agent-linux-arm64',
])('GET /agent/%s is not there, and the answer names what is', async (name) => {
  const response = await get(`/agent/${name}`);
  expect(response.status).toBe(404);
  expect(await response.text()).toMatch(/has: assay-agent-linux-x64, assay-agent\.cjs/);
});

test.each(['install.sh', 'assay-agent-linux-x64', 'SHA256SUMS'])(
  'GET /agent/%s of a server without a build says how to make one',
  async (name) => {
    const response = await fetch(`${without().endpoint}/agent/${name}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/npm run build:agent/);
  },
);

describe('the install script', () => {
  test('names the server as its client does, and the digest of each file', async () => {
    const response = await get('/agent/install.sh');
    const text = await response.text();
    expect(text).toContain(`server='${server().endpoint}'`);
    expect(text).toContain(sha256(FILES['assay-agent-linux-x64'] ?? ''));
    expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
  });

  test.each([`x';id;'`, '$(id)', 'a b', '`id`'])('is not made for a server called %s', async (host) => {
    const { hostname, port } = new URL(server().endpoint);
    const status = await new Promise((resolve, reject) => {
      request({ hostname, port, path: '/agent/install.sh', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });

  /** Runs the script as root of a machine that is what the functions before it say. */
  const run = async (args: readonly string[], machine = '', files = FILES, token = '') => {
    const directory = temporaryDirectory();
    const known = new Map(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
    const script = installScript(server().endpoint, known).replace('/opt/assay', directory);
    const pretend = `id() { echo 0; }; uname() { case "$1" in -s) echo Linux ;; -m) echo x86_64 ;; esac; }; ${machine}`;
    const ended = await runProgram('sh', ['-s', '--', ...args], {
      input: `${pretend}\n${script}`,
      env: { PATH: process.env.PATH ?? '', ASSAY_ENROLLMENT_TOKEN: token },
    });
    return { ...ended, left: readdirSync(directory) };
  };
  const EXECUTABLE = '#!/bin/sh\necho "token=$ASSAY_ENROLLMENT_TOKEN"\nfor each; do echo "<$each>"; done\n';

  type Refused = [string, string[], string, Readonly<Record<string, string>>, RegExp];
  test.each<Refused>([
    [
      'a download that is not what the server built',
      [],
      '',
      { 'assay-agent-linux-x64': 'another' },
      /download is damaged/,
    ],
    [
      'an architecture without a build',
      [],
      'uname() { case "$1" in -s) echo Linux ;; -m) echo aarch64 ;; esac; }',
      FILES,
      /has no assay-agent-linux-arm64/,
    ],
    [
      'an architecture that is unknown',
      [],
      'uname() { case "$1" in -s) echo Linux ;; -m) echo riscv64 ;; esac; }',
      FILES,
      /no agent for riscv64/,
    ],
    ['another system', [], 'uname() { echo Darwin; }', FILES, /this is Darwin/],
    [
      'Alpine',
      [],
      "ldd() { echo 'musl libc (x86_64)' >&2; echo 'Version 1.2.5' >&2; return 1; }",
      FILES,
      /^assay-agent: This system has the C library musl, .* node assay-agent\.cjs run --server http:/m,
    ],
    ...['2.17', '2.27', '2.5.90'].map(
      (version): Refused => [
        `glibc ${version}`,
        [],
        `getconf() { echo 'glibc ${version}'; }`,
        FILES,
        /needs the GNU C library 2\.28 or newer; this system has 2\.\d/,
      ],
    ),
    ['somebody who is not root', [], 'id() { echo 1000; }', FILES, /Only root/],
    ['an option without its value', ['--token'], '', FILES, /--token needs a value/],
  ])('refuses %s and leaves nothing', async (_, args, machine, files, complaint) => {
    const { status, stderr, left } = await run(args, machine, files);
    expect(stderr).toMatch(complaint);
    expect(status).toBe(2);
    expect(left).toEqual([]);
  });

  test.each(['2.28', '2.31', '2.41', '3.0'])(
    'goes on with glibc %s, and where musl lies beside it',
    async (version) => {
      const machine = `ldd() { echo 'ldd (Debian GLIBC ${version}) ${version}'; }; getconf() { echo 'glibc ${version}'; }`;
      const { stderr } = await run([], machine, { 'assay-agent-linux-x64': 'another' });
      expect(stderr).toMatch(/download is damaged/);
    },
  );

  test('hands what it was given to the executable, the token in its environment alone', async () => {
    writeFileSync(join(agentFiles, 'assay-agent-linux-x64'), EXECUTABLE);
    writeFileSync(join(agentFiles, 'assay-agent-linux-x64.gz'), gzipSync(EXECUTABLE));
    writeFileSync(join(agentFiles, 'SHA256SUMS'), sums({ ...FILES, 'assay-agent-linux-x64': EXECUTABLE }));
    const handed = async (...args: string[]): Promise<string> =>
      (await run(args, '', { 'assay-agent-linux-x64': EXECUTABLE }, 'from the environment')).stdout;
    const { endpoint } = server();
    expect(await handed()).toContain(`token=from the environment\n<install>\n<--server>\n<${endpoint}>\n`);
    expect(await handed('--token', 'a b', '--tag', `Name=it's $(id)`, '--user=assay')).toContain(
      `token=a b\n<install>\n<--server>\n<${endpoint}>\n<--tag>\n<Name=it's $(id)>\n<--user=assay>\n`,
    );
    const other = endpoint.replace('127.0.0.1', 'localhost');
    expect(await handed('--token=x', `--server=${other}`)).toContain(`token=x\n<install>\n<--server>\n<${other}>\n`);
  });
});
