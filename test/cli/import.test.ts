import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DescribeAssessmentRunsCommand, ListAssessmentRunsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runItem } from '../engine/history/import/items.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { runAssay } from './run-assay.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const lines = (from: number, to: number): string => {
  const numbers = [...Array(to - from).keys()].map((index) => from + index);
  return numbers
    .map((index) => {
      const item = runItem({ name: `run ${index}` }, `0-${String(index).padStart(8, '0')}`);
      return `${JSON.stringify({ kind: 'assessmentRun', item })}\n`;
    })
    .join('');
};
const into = (): string[] => ['--data-dir', server.directory];

test('history comes in while a server runs, which goes on answering and shows it', async () => {
  const client = server.client();
  const importing = runAssay(['import', '-', '--json', ...into()], lines(0, 5000));
  const templates = [runItem().assessmentTemplateArn];
  let ended = false;
  importing.finally(() => {
    ended = true;
  });
  let answers = 0;
  while (!ended) {
    await client.send(new ListAssessmentRunsCommand({}));
    answers++;
  }
  expect(answers).toBeGreaterThan(0);
  const { status, stdout, stderr } = await importing;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    lines: 5000,
    added: 5000,
    refused: 0,
    addedByKind: { assessmentRun: 5000 },
  });
  const page = await client.send(new ListAssessmentRunsCommand({ assessmentTemplateArns: templates, maxResults: 500 }));
  expect(page.assessmentRunArns).toHaveLength(500);
  const { arn } = runItem({}, '0-00004999');
  const { assessmentRuns } = await client.send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
  expect(assessmentRuns?.[0]?.name).toBe('run 4999');
});

test('a file may be gzip, and what cannot be taken in is told by line', async () => {
  const file = join(server.directory, 'history.ndjson.gz');
  writeFileSync(file, gzipSync(`${lines(9000, 9010)}"\u001b[31mred\n${lines(9010, 9012)}`));
  const { status, stdout } = await runAssay(['import', file, ...into()]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^13 lines in .* s: 12 added, 0 there already, 1 refused\n/);
  expect(stdout).toMatch(/Refused:\n {2}line 11 is not JSON: /);
  expect(stdout).not.toContain('\u001b');
});

test('a file that cannot be read has status 2', async () => {
  const missing = join(server.directory, 'missing');
  const elsewhere = join(server.directory, 'new');
  expect(await runAssay(['import', missing, '--data-dir', elsewhere])).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/^assay: .*missing cannot be read: ENOENT/),
  });
  expect(existsSync(elsewhere)).toBe(false);
  expect(await runAssay(['import', server.directory, ...into()])).toMatchObject({ status: 2 });
  const cut = join(server.directory, 'cut.gz');
  writeFileSync(cut, gzipSync(lines(9000, 9012), { level: 0 }).subarray(0, 5000));
  expect(await runAssay(['import', cut, ...into()])).toMatchObject({
    status: 2,
    stdout: expect.stringMatching(/there already, 0 refused/),
    stderr: expect.stringMatching(/cannot be read beyond line \d+: unexpected end of file/),
  });
});
