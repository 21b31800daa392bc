/**
 * `npm run screenshots` makes the pictures of README and docs: of the console over a small fleet, in Chromium. It is no test
 * of anything and runs only when it is asked for.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { feedsDirectory } from '../../packages/server/src/feeds/feeds-directory.ts';
import { updateFeeds } from '../../packages/server/src/feeds/update-feeds.ts';
import { missingForBrowser, openBrowser, openSignedIn, whenPacked } from '../support/console-browser.ts';
import { addConsoleFleet } from '../support/console-fleet.ts';
import { writeFeed } from '../support/debian-host.ts';
import { given } from '../support/scenario.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const wanted = process.env.ASSAY_SCREENSHOTS;
const PICTURES = join(import.meta.dirname, '../../docs/pictures');

/** Advisories as a server has them that updates its feeds. */
async function addFeeds({ directory }: TestServer): Promise<void> {
  const record = {
    schema_version: '1.7.0',
    id: 'DEBIAN-CVE-2026-1001',
    upstream: ['CVE-2026-1001'],
    modified: new Date(Date.now() - 3_600_000).toISOString(),
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'openssl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '3.0.16-1' }] }],
      },
    ],
  };
  const path = join(directory, 'feed.jsonl.gz');
  writeFeed(path, [record]);
  const ports = {
    now: Date.now,
    fetch: () => Promise.reject(new Error('no network')),
    sleep: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  };
  const kev = join(directory, 'kev.json');
  const exploited = { cveID: 'CVE-2026-1001', dateAdded: '2026-01-02', dueDate: '2026-01-23' };
  writeFileSync(kev, JSON.stringify({ catalogVersion: '2026.01.02', vulnerabilities: [exploited] }));
  const epss = join(directory, 'epss.csv');
  const day = new Date().toISOString();
  writeFileSync(epss, `#model_version:v2025.03.14,score_date:${day}\ncve,epss,percentile\nCVE-2026-1001,0.92,0.99\n`);
  const { feeds } = await updateFeeds(ports, feedsDirectory(directory), [
    { name: 'Debian', source: path },
    { name: 'kev', source: kev },
    { name: 'epss', source: epss },
  ]);
  expect(feeds.map(({ outcome }) => outcome)).not.toContain('failed');
}

describe.skipIf(!wanted || missingForBrowser !== '')('pictures of the console', () => {
  test('are made', async () => {
    const server = await startTestServer({ jobs: false });
    const browser = await openBrowser();
    try {
      const fleet = await addConsoleFleet(server);
      await addFeeds(server);
      await whenPacked(server);
      const page = await browser.context.newPage();
      await page.setViewportSize({ width: 1440, height: 900 });
      await openSignedIn(page, server);
      const picture = async (name: string, place: string, shown: () => Promise<unknown>): Promise<void> => {
        await page.goto(`${server.endpoint}/console/${place}`);
        await shown();
        await page.waitForTimeout(800);
        mkdirSync(PICTURES, { recursive: true });
        writeFileSync(join(PICTURES, `${name}.png`), await page.screenshot());
      };
      await picture('console', '#/', () => page.getByText('Most urgent').waitFor());
      await picture('console-findings', '#/findings?by=all&severity=High', async () => {
        await page
          .getByRole('row', { name: /CVE-2026-1001.*web-1/ })
          .first()
          .getByRole('checkbox')
          .check();
        await page.getByText('On web-1, openssl').waitFor();
      });
      await picture('console-run', `#/runs/${encodeURIComponent(given(fleet.runs[2]))}`, () =>
        page.getByRole('tab', { name: 'Report' }).waitFor(),
      );
      await picture('console-setup', '#/setup', () =>
        page.getByRole('button', { name: 'Next', exact: true }).waitFor(),
      );
      await page.emulateMedia({ colorScheme: 'dark' });
      await picture('console-dark', '#/findings', () => page.getByText('CVE-2026-1001').first().waitFor());
    } finally {
      await browser.close();
      await server.stop();
    }
  }, 120_000);
});
