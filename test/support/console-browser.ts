import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { given } from './scenario.ts';
import { type TestServer, testKey } from './test-server.ts';

const CHROMIUM = '/usr/bin/chromium';
const playwright = await import('playwright-core').catch(() => undefined);

/** What keeps the console's tests from running; empty where nothing does. */
export const missingForBrowser = [existsSync(CHROMIUM) ? [] : CHROMIUM, playwright ? [] : 'playwright-core']
  .flat()
  .join(' and ');

export interface ConsoleBrowser {
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
}

/** One Chromium, with a profile that is removed with it. */
export async function openBrowser(): Promise<ConsoleBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'assay-browser-'));
  const context = await given(playwright).chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    acceptDownloads: true,
    viewport: { width: 1280, height: 900 },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Waits until the console is packed, which the first request begins. */
export async function whenPacked({ endpoint }: Pick<TestServer, 'endpoint'>): Promise<void> {
  while ((await fetch(`${endpoint}/console/assets/waits-for-the-packer.js`)).status === 503);
}

/** Opens a place of the console signed in, as in a tab of its own: the key is put where signing in puts it. */
export async function openSignedIn(
  page: Page,
  { endpoint }: Pick<TestServer, 'endpoint'>,
  place = '#/',
  key: { readonly accessKeyId: string; readonly secretAccessKey: string } = testKey,
): Promise<void> {
  const kept = JSON.stringify({ ...key, region: 'us-east-1' });
  await page.addInitScript(
    `if (!sessionStorage.getItem('assay.key')) sessionStorage.setItem('assay.key', ${JSON.stringify(kept)})`,
  );
  await page.goto(`${endpoint}/console/${place}`);
}

const axe = (): string => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong on a page, a line each; by WCAG 2 A to 2.2 AA and the best practices. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe());
  const found = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(' | ')))`,
  )) as string[];
  return found;
}

/** True where a page is wider than the screen: it would have to be scrolled sideways. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
