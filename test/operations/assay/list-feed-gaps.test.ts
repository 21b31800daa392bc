import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { feedsDirectory } from '../../../packages/server/src/feeds/feeds-directory.ts';
import { updateFeeds } from '../../../packages/server/src/feeds/update-feeds.ts';
import { openAdvisorySource } from '../../../packages/server/src/runtime/advisory-source.ts';
import { feedPorts } from '../../feeds/feed-server.ts';
import { testFile } from '../../feeds/fixture-files.ts';
import { assayProgram } from '../../support/assay-program.ts';
import { errorOf, rawRequest } from '../../support/raw-request.ts';
import { runProgram } from '../../support/run-program.ts';
import { testKey } from '../../support/test-server.ts';
import { useServer } from '../../support/use-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-gaps-'));
const directory = feedsDirectory(folder);
const advisories = openAdvisorySource(directory, (message) => {
  throw new Error(message);
});
const server = useServer({ service: { advisories } });
afterAll(() => {
  advisories.close();
  rmSync(folder, { recursive: true });
});

const fix = (id: string, ecosystem: string, cve: string, name: string, fixed: string): string =>
  JSON.stringify({
    id,
    modified: '2026-08-01T00:00:00Z',
    summary: `Important: ${name} security update`,
    related: [cve],
    affected: [
      { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }] },
    ],
  });

const alma = (number: number): string =>
  fix(`ALSA-2024:100${number}`, 'AlmaLinux:9', `CVE-2024-100${number}`, 'openssh', `8.7p1-3${number}.el9`);

/** What AlmaLinux fixed three times and Rocky Linux once. */
const serve = () =>
  updateFeeds(feedPorts({ now: Date.now() }), directory, [
    { name: 'AlmaLinux', kind: 'osv', source: testFile('alma.jsonl', [1, 2, 3].map(alma).join('\n')) },
    {
      name: 'Rocky Linux',
      kind: 'osv',
      source: testFile(
        'rocky.jsonl',
        fix('RLSA-2024:1001', 'Rocky Linux:9', 'CVE-2024-1001', 'openssh', '0:8.7p1-31.el9'),
      ),
    },
  ]);

test('gaps page by page, and the command that asks for them all', async () => {
  expect((await rawRequest(server(), 'ListFeedGaps', {})).body).toEqual({ gaps: [] });
  await serve();
  const first = (await rawRequest(server(), 'ListFeedGaps', { maxResults: 1 })).body as {
    gaps: { cve: string }[];
    nextToken: string;
  };
  expect(first).toMatchObject({
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    gaps: [
      {
        ecosystem: 'Rocky Linux:9',
        cve: 'CVE-2024-1002',
        package: 'openssh',
        sibling: 'AlmaLinux (ALSA-2024:1002)',
        siblingFixed: '8.7p1-32.el9',
        why: expect.stringContaining('has no record of CVE-2024-1002'),
        hosts: 0,
      },
    ],
  });
  const { body } = await rawRequest(server(), 'ListFeedGaps', { maxResults: 1, nextToken: first.nextToken });
  expect(body).toMatchObject({ gaps: [{ cve: 'CVE-2024-1003' }] });
  expect(body).not.toHaveProperty('nextToken');
  expect(errorOf(await rawRequest(server(), 'ListFeedGaps', { nextToken: 'x' }))).toMatch(/^InvalidInputException/);

  const { stdout, status } = await runProgram(
    process.execPath,
    [assayProgram, 'feeds', 'gaps', '--json', '--endpoint', server().endpoint],
    {
      env: {
        PATH: process.env.PATH ?? '',
        AWS_ACCESS_KEY_ID: testKey.accessKeyId,
        AWS_SECRET_ACCESS_KEY: testKey.secretAccessKey,
      },
    },
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { cve: 'CVE-2024-1002', siblingFixed: '8.7p1-32.el9' },
    { cve: 'CVE-2024-1003', siblingFixed: '8.7p1-33.el9' },
  ]);
});
