/** The console in a real browser. Runs where Debian's Chromium and playwright-core are; its name says when they are not. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  addHost,
  createTarget,
  createTemplate,
  given,
  historicRun,
  idsOf,
  newId,
  scopeOf,
  someFinding,
  startRun,
} from '../support/scenario.ts';
import { startTestServer, type TestServer, testKey } from '../support/test-server.ts';

const CHROMIUM = '/usr/bin/chromium';
const playwright = await import('playwright-core').catch(() => undefined);
const missing = [existsSync(CHROMIUM) ? [] : CHROMIUM, playwright ? [] : 'playwright-core'].flat().join(' and ');

describe.skipIf(missing !== '')(`the console in Chromium${missing && ` (skipped: no ${missing})`}`, () => {
  const profile = mkdtempSync(join(tmpdir(), 'assay-browser-'));
  let server: TestServer;
  let browser: BrowserContext;
  let page: Page;
  let ended = '';
  let live = '';
  let problems: string[] = [];

  beforeAll(async () => {
    server = await startTestServer({ jobs: false });
    ({ ended, live } = await addRuns(server));
    browser = await given(playwright).chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
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
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(profile, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await page?.close();
    problems = [];
    page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(server.endpoint) && !request.url().startsWith('data:'))
        problems.push(request.url());
    });
  });

  const signIn = async (secret: string = testKey.secretAccessKey): Promise<void> => {
    await page.getByLabel('Access key').fill(testKey.accessKeyId);
    await page.getByLabel('Secret key').fill(secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  test('sign in, see the runs, open one, read a finding', async () => {
    await page.goto(server.endpoint);
    await signIn();
    await page.getByRole('row', { name: /the ended run/ }).waitFor();
    expect(await page.getByRole('row').count()).toBe(3);
    await page.getByRole('link', { name: 'the ended run' }).click();
    await page.getByRole('heading', { name: 'the ended run', level: 1 }).waitFor();
    const opener = page.getByRole('button', { name: 'The SSH server lets root log in' });
    await opener.click();
    expect(await opener.getAttribute('aria-expanded')).toBe('true');
    await page.getByText('<b onclick="alert(1)">PermitRootLogin yes</b>').waitFor();
    await page.getByText('Set PermitRootLogin no.').waitFor();
    await page.getByText('An agent is unhealthy').waitFor();
    expect(problems).toEqual([]);
  }, 60_000);

  test('a wrong secret is refused in the API’s words, and nothing is kept', async () => {
    await page.goto(server.endpoint);
    await signIn('another');
    await page.getByRole('alert').getByText('InvalidSignatureException').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  }, 60_000);

  test('an address of a run is reached through signing in, and signing out forgets the key', async () => {
    await page.goto(`${server.endpoint}/console/#/runs/${ended}`);
    await signIn();
    await page.getByRole('heading', { name: 'the ended run', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Secret key').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(problems).toEqual([]);
  }, 60_000);

  test('runs are filtered, and the address says how', async () => {
    await page.goto(`${server.endpoint}/console/`);
    await signIn();
    await page.getByRole('textbox', { name: 'Name' }).fill('the end*');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByText('1 run', { exact: true }).waitFor();
    expect(page.url()).toContain('#/runs?name=the+end*');
    await page.goto(`${server.endpoint}/console/#/runs?state=FAILED`);
    await page.getByText('No run matches').waitFor();
    await page.goto(`${server.endpoint}/console/#/runs?duration-min=soon`);
    await page.getByText('Give 1 second to 7 days').waitFor();
    expect(problems).toEqual([]);
  }, 60_000);

  test('findings are sorted by what is known of their being exploited, and the address says how', async () => {
    await page.goto(`${server.endpoint}/console/#/runs/${ended}`);
    await signIn();
    const first = page.locator('tbody th .opener').first();
    const firstIs = (title: string) => first.and(page.getByRole('button', { name: title })).waitFor();
    await firstIs('The SSH server lets root log in');
    await page
      .getByRole('row', { name: /Another/ })
      .getByText('Known exploited')
      .waitFor();
    await page.getByText('EPSS 0.93', { exact: true }).waitFor();
    await page.getByText('EPSS highest first').click();
    await firstIs('Another');
    expect(page.url()).toMatch(/\?sort=epss$/);
    await page.reload();
    await firstIs('Another');
    expect(await page.getByRole('radio', { name: 'EPSS highest first' }).isChecked()).toBe(true);
    await page.getByText('Known exploited first').click();
    await page.getByRole('table', { name: 'Findings, known exploited first' }).waitFor();
    await firstIs('Another');
    await page.getByText('Severity first').click();
    await firstIs('The SSH server lets root log in');
    expect(page.url()).not.toContain('sort');
    expect(problems).toEqual([]);
  }, 60_000);

  test('a run that goes is stopped, and its page follows', async () => {
    await page.goto(`${server.endpoint}/console/#/runs/${live}`);
    await signIn();
    await page.getByRole('button', { name: 'Stop' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Cancel the run').check();
    await dialog.getByRole('button', { name: 'Stop the run' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    await page.locator('.facts').getByText('Canceled').waitFor();
    expect(problems).toEqual([]);
  }, 60_000);

  test.each([360, 390, 768, 1280, 1600])(
    'no page is wider than a screen of %d',
    async (width) => {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(server.endpoint);
      await signIn();
      const tooWide = async (): Promise<boolean> =>
        (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) as boolean;
      await page.getByText('More filters').click();
      expect(await tooWide()).toBe(false);
      await page.goto(`${server.endpoint}/console/#/runs/${ended}`);
      await page.getByRole('button', { name: 'The SSH server lets root log in' }).click();
      await page.getByText('Set PermitRootLogin no.').waitFor();
      expect(await tooWide()).toBe(false);
      await page.goto(`${server.endpoint}/console/#/targets`);
      await page.getByText('Hosts it would assess now').first().click();
      await page.getByText('Debian GNU/Linux 12 (bookworm)').first().waitFor();
      expect(await tooWide()).toBe(false);
    },
    60_000,
  );
});

/** One run that has ended, with findings and an exclusion, and one that goes. */
async function addRuns(server: TestServer): Promise<{ ended: string; live: string }> {
  const client = server.client();
  const templateArn = await createTemplate(client, await createTarget(client));
  const [target = '', template = ''] = idsOf(templateArn);
  const { store } = server.service;
  const scope = await scopeOf(server);
  const host = await addHost(server);
  const [found] = await store.templates.findMany(scope, [template]);
  const { rulesPackages } = given(found);
  const run = historicRun({
    target,
    template,
    rulesPackages,
    name: 'the ended run',
    findingCounts: { Medium: 1, Low: 1 },
  });
  const finding = someFinding({
    target,
    template,
    run: run.id,
    agent: host.id,
    document: {
      title: 'The SSH server lets root log in',
      description: '/etc/ssh/sshd_config:3: <b onclick="alert(1)">PermitRootLogin yes</b>',
      recommendation: 'Set PermitRootLogin no.',
      attributes: [{ key: 'INSTANCE_ID', value: host.id }],
      userAttributes: [{ key: 'team', value: 'blue' }],
    },
  });
  await store.runs.insertMany(scope, [run]);
  await store.findings.insertMany(scope, [
    finding,
    someFinding({
      target,
      template,
      run: run.id,
      severity: 'Low',
      document: {
        ...finding.document,
        title: 'Another',
        attributes: [
          { key: 'KNOWN_EXPLOITED', value: 'true' },
          { key: 'EPSS_SCORE', value: '0.93421' },
        ],
      },
    }),
  ]);
  await store.exclusions.insertMany(scope, [
    {
      id: newId(),
      target,
      template,
      run: run.id,
      subject: 'unhealthy',
      document: {
        title: 'An agent is unhealthy',
        description: 'It was not heard of.',
        recommendation: 'Start it.',
        scopes: [{ key: 'INSTANCE_ID', value: host.id }],
        attributes: [],
      },
      createdAt: run.createdAt,
    },
  ]);
  return { ended: `${templateArn}/run/${run.id}`, live: await startRun(client, templateArn) };
}
