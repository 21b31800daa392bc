/** Commands over the wire say and do what they do on the server's own store. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { assayProgram } from '../support/assay-program.ts';
import { runProgram } from '../support/run-program.ts';
import { testKey } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';
import { runAssay } from './run-assay.ts';

const server = useServer();
const home = mkdtempSync(join(tmpdir(), 'assay-profile-'));
afterAll(() => rmSync(home, { recursive: true }));

const here = (...args: string[]) => runAssay([...args, '--data-dir', server().directory]);
const withEnv = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  runProgram(process.execPath, [assayProgram, ...args], { env: { PATH: process.env.PATH ?? '', HOME: home, ...env } });
const remote = (...args: string[]) =>
  withEnv([...args, '--endpoint', server().endpoint], {
    AWS_ACCESS_KEY_ID: testKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey,
  });

test('keys: the same lists, policies and refusals from both sides', async () => {
  const created = await remote('keys', 'create', '--policy', 'auditor', '--json');
  expect(created).toMatchObject({ status: 0, stderr: '' });
  const { accessKeyId } = JSON.parse(created.stdout) as { accessKeyId: string };
  for (const args of [
    ['keys', 'list', '--json'],
    ['keys', 'list', '--format', 'csv', '--filter', 'policy=audit*'],
    ['keys', 'policy', accessKeyId],
    ['keys', 'policy', 'NOSUCHKEY'],
    ['feeds', 'status', '--json'],
  ]) {
    const [near, far] = [await here(...args), await remote(...args)];
    // Ages go by the second, and next steps name where they were told.
    const text = ({ status, stdout, stderr }: typeof near) => ({
      status,
      stdout: stdout.replaceAll(/"ageSeconds":\d+/g, ''),
      stderr: stderr.replaceAll(/ --(?:endpoint|data-dir) \S+/g, ''),
    });
    expect(text(far), args.join(' ')).toEqual(text(near));
  }
  expect((await remote('keys', 'revoke', accessKeyId)).stdout).toBe(`${accessKeyId} is revoked.\n`);
  expect((await here('keys', 'revoke', accessKeyId)).stdout).toBe(`${accessKeyId} was revoked before.\n`);
});

test('the key and the region may be those of a profile', async () => {
  const credentials = join(home, 'credentials');
  const { accessKeyId, secretAccessKey } = testKey;
  writeFileSync(
    credentials,
    `[other]\naws_access_key_id = x\n\n[assay]\naws_access_key_id=${accessKeyId}\naws_secret_access_key = ${secretAccessKey} \n`,
  );
  writeFileSync(join(home, 'config'), '[profile assay]\nregion = eu-west-1\n');
  const files = { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: join(home, 'config') };
  const args = ['keys', 'list', '--json'];
  const listed = await withEnv(args, { ...files, AWS_PROFILE: 'assay', ASSAY_ENDPOINT: server().endpoint });
  expect(listed).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(listed.stdout)).toContainEqual(expect.objectContaining({ accessKeyId }));
  expect(await withEnv([...args, '--endpoint', server().endpoint, '--profile', 'other'], files)).toMatchObject({
    status: 2,
    stderr: `assay: The profile other has no access key in ${credentials}.\n`,
  });
});

test.each<[string, string[], RegExp]>([
  ['no server', ['--endpoint', 'http://127.0.0.1:9'], /^assay: http:\/\/127\.0\.0\.1:9\/ does not answer: .*\.\n$/],
  ['no endpoint', ['--endpoint', 'nowhere'], /^assay: --endpoint must be like .*, not nowhere\.\n$/],
  ['both', ['--endpoint', 'http://127.0.0.1:9', '--data-dir', '/tmp'], /not both/],
])('%s is said in a sentence', async (_name, args, says) => {
  const key = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  const { status, stdout, stderr } = await withEnv(['keys', 'list', ...args], key);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(says);
});
