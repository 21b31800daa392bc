/** The console in a real browser. Runs where Debian's Chromium and playwright-core are; its name says when they are not. */
import { ListAssessmentTemplatesCommand } from '@aws-sdk/client-inspector';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insecure } from '../rules/security-best-practices/hosts.ts';
import {
  type ConsoleBrowser,
  isTooWide,
  missingForBrowser,
  openBrowser,
  openSignedIn,
  violations,
  whenPacked,
} from '../support/console-browser.ts';
import { addConsoleFleet, type ConsoleFleet } from '../support/console-fleet.ts';
import { effort } from '../support/effort.ts';
import { given, startRun } from '../support/scenario.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { enrollSimulatedAgent } from '../support/simulated-agent.ts';
import { testSeed } from '../support/test-seed.ts';
import { startTestServer, type TestServer, testAccount, testKey } from '../support/test-server.ts';

const LOOPBACK = { hosts: { names: [], loopbackOnly: true } };
const encoded = encodeURIComponent;

describe.skipIf(missingForBrowser !== '')(
  `the console in Chromium${missingForBrowser && ` (skipped: no ${missingForBrowser})`}`,
  () => {
    let server: TestServer;
    let fleet: ConsoleFleet;
    let browser: ConsoleBrowser;
    let context: BrowserContext;
    let page: Page;
    let problems: string[] = [];

    beforeAll(async () => {
      server = await startTestServer({ service: LOOPBACK });
      fleet = await addConsoleFleet(server);
      browser = await openBrowser();
      context = browser.context;
      await whenPacked(server);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
    });
    beforeEach(async () => {
      await page?.close();
      problems = [];
      page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('dialog', (dialog) => {
        problems.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('console', (message) => {
        if (/Content.Security.Policy|Trusted/i.test(message.text())) problems.push(message.text());
      });
      page.on('request', (request) => {
        if (!/^(?:blob|data):/.test(request.url()) && !request.url().startsWith(server.endpoint))
          problems.push(request.url());
      });
    });

    const heading = (name: string | RegExp, level = 1) => page.getByRole('heading', { name, level }).first().waitFor();
    const signIn = async (key: { accessKeyId: string; secretAccessKey: string } = testKey): Promise<void> => {
      await page.getByLabel('Access key ID').fill(key.accessKeyId);
      await page.getByLabel('Secret access key').fill(key.secretAccessKey);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };

    test('sign in, see what is urgent, and follow it to the hosts that have it', async () => {
      await page.goto(server.endpoint);
      await signIn();
      await heading('Overview');
      await heading('Not assessed', 2);
      await page
        .getByRole('row', { name: /CVE-2026-1001.*openssl/ })
        .getByRole('link')
        .click();
      await heading('CVE-2026-1001');
      await page
        .getByRole('row', { name: /web-1\.example\.net/ })
        .first()
        .getByRole('link')
        .first()
        .click();
      await heading('web-1.example.net');
      await page.getByText('Debian GNU/Linux 12 (bookworm)').waitFor();
      await page.getByRole('tab', { name: 'Coverage and evidence' }).click();
      await heading(/^Seen from outside \(2\)/, 2);
      await page.getByRole('row', { name: /office internet 192\.0\.2\.10 22, 80, 443 21, 23, 111 13 ports/ }).waitFor();
      await page.getByRole('row', { name: /office internet 2001:db8::10 22 / }).waitFor();
      expect(problems).toEqual([]);
    }, 60_000);

    test('a wrong secret is refused in words, and nothing is kept', async () => {
      await page.goto(server.endpoint);
      await signIn({ ...testKey, secretAccessKey: 'another' });
      await page.getByText('This key is no longer accepted').waitFor();
      expect(await page.evaluate('sessionStorage.length')).toBe(0);
    }, 60_000);

    test('an address is reached through signing in, and signing out forgets the key', async () => {
      await page.goto(`${server.endpoint}/console/#/runs/${encoded(given(fleet.runs[0]))}`);
      await signIn();
      await heading('Weekly 1');
      await page.getByRole('button', { name: 'AKIDTEST' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByLabel('Secret access key').waitFor();
      expect(await page.evaluate('sessionStorage.length')).toBe(0);
      expect(problems).toEqual([]);
    }, 60_000);

    test('a link signs in once, and its token is nowhere afterwards', async () => {
      const token = given(server.service.signInLinks).issue({ ...testKey, region: 'us-east-1' }, { ownUserOnly: true });
      const link = `${server.endpoint}/console/#/sign-in?once=${token}`;
      await page.goto(link);
      await heading('Overview');
      expect(page.url()).not.toContain(token);
      const other = await context.newPage();
      await other.goto(link);
      await other.getByText('This link was used before').waitFor();
      expect(other.url()).not.toContain(token);
      await other.close();
      expect(problems).toEqual([]);
    }, 60_000);

    test('runs are filtered, the address says how, and Back returns to the place', async () => {
      await openSignedIn(page, server, '#/runs');
      await page.getByRole('link', { name: 'Weekly 3' }).waitFor();
      const find = page.getByRole('combobox', { name: 'Find runs' });
      await find.fill('Weekly 2');
      await find.press('Enter');
      await page.getByRole('link', { name: 'Weekly 3' }).waitFor({ state: 'detached' });
      expect(page.url()).toContain('#/runs?name=Weekly+2');
      await page.getByRole('link', { name: 'Weekly 2' }).click();
      await heading('Weekly 2');
      await page.goBack();
      await page.getByRole('link', { name: 'Weekly 2' }).waitFor();
      expect(page.url()).toContain('#/runs?name=Weekly+2');
      await page.goto(`${server.endpoint}/console/#/runs?state=FAILED`);
      await page.getByText('No run matches').waitFor();
      expect(problems).toEqual([]);
    }, 60_000);

    test('runs are filtered by any of several states and by a time', async () => {
      await openSignedIn(page, server, '#/runs');
      await page.getByRole('link', { name: 'Weekly 3' }).waitFor();
      const find = page.getByRole('combobox', { name: 'Find runs' });
      await find.fill('State = ');
      await page.getByRole('option', { name: 'Completed with gaps' }).click();
      await page.getByRole('option', { name: 'Stopped' }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.waitForURL(/state=COMPLETED_WITH_ERRORS&state=CANCELED/);
      await find.fill('Started >= ');
      await page.getByRole('button', { name: 'A day ago' }).click();
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.waitForURL(/started-from=\d{4}-\d\d-\d\dT/);
      await page.goBack();
      await page.waitForURL(/CANCELED$/);
      expect(problems).toEqual([]);
    }, 60_000);

    test('a run says first what it did not assess, and gives its report by one button', async () => {
      await openSignedIn(page, server, `#/runs/${encoded(given(fleet.runs[2]))}`);
      await heading('Weekly 3');
      await page.getByText('This run did not assess everything.').waitFor();
      await page.getByRole('button', { name: 'What was not assessed' }).click();
      await page.getByText('it was not heard for 3 days').first().waitFor();
      await page.getByRole('tab', { name: 'Report' }).click();
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download the report' }).click();
      expect((await downloading).suggestedFilename()).toMatch(/\.pdf$/);
      expect(problems).toEqual([]);
    }, 60_000);

    test('a finding is read beside the list, and all that match are exported', async () => {
      await openSignedIn(page, server, '#/findings?by=all&severity=High');
      const row = page.getByRole('row', { name: /CVE-2026-1001.*web-1/ }).first();
      await row.getByRole('checkbox').check();
      await page.getByText('On web-1, openssl 3.0.11-1 is affected').waitFor();
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'CSV' }).click();
      const stream = await (await downloading).createReadStream();
      let csv = '';
      for await (const part of stream) csv += String(part);
      const lines = csv.trim().split('\r\n');
      expect(lines[0]).toMatch(/^severity,rule,title,hostname/);
      expect(lines.length).toBeGreaterThan(3);
      expect(lines.slice(1).every((line) => line.startsWith('High,'))).toBe(true);
      expect(problems).toEqual([]);
    }, 60_000);

    test('a filter that nothing matches is cleared by its button', async () => {
      await openSignedIn(page, server, '#/findings?by=all&package=no-such-package');
      await page.getByText('No finding matches').waitFor();
      await page.getByRole('button', { name: 'Clear the filter' }).click();
      await page
        .getByRole('row', { name: /CVE-2026-1001/ })
        .first()
        .waitFor();
      expect(new URL(page.url()).hash).toBe('#/findings?by=all');
      expect(problems).toEqual([]);
    }, 60_000);

    test('a run that goes is stopped, and its page follows', async () => {
      const live = await startRun(server.client(), fleet.template);
      await openSignedIn(page, server, `#/runs/${encoded(live)}`);
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Stop this run' });
      await dialog.getByRole('button', { name: 'Stop' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByRole('tab', { name: /^Findings \(/ }).waitFor({ timeout: 20_000 });
      expect(problems).toEqual([]);
    }, 60_000);

    test('the wizard creates target, template and schedule, and starts the first run', async () => {
      await openSignedIn(page, server, '#/setup');
      await page.getByLabel('Target name').fill('all of them');
      await page.getByText('Hosts with any of some tags').click();
      await page.getByRole('textbox', { name: 'Tags' }).fill('role=web');
      await page.getByText('2 hosts', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByLabel('Template name').fill('<b>nightly</b>');
      await page.getByText('Common Vulnerabilities and Exposures').first().waitFor();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('Run it by a schedule').click();
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByText('0 3 * * *').waitFor();
      await page.getByRole('button', { name: 'Create and start the first run' }).click();
      await heading(/^Run - <b>nightly<\/b> - /);
      await page.goto(`${server.endpoint}/console/#/schedules`);
      await page.getByRole('row', { name: /<b>nightly<\/b>.*Active/ }).waitFor();
      await page.goto(`${server.endpoint}/console/#/targets`);
      await page.getByRole('row', { name: /all of them.*role=web/ }).waitFor();
      expect(problems).toEqual([]);
    }, 60_000);

    test('enrolling hosts gives a command to copy, and the token is in the list', async () => {
      await openSignedIn(page, server, '#/hosts?enrol=yes');
      await page.getByRole('textbox', { name: 'Tags' }).fill('env=prod');
      await page.getByRole('button', { name: 'Show the command' }).click();
      const command = await page.getByTestId('enrol-command').innerText();
      expect(command).toContain(`curl -fsSL ${server.endpoint}/agent/install.sh | sudo sh -s -- --token `);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('row', { name: /Usable.*0 of 1.*env=prod/ }).waitFor();
      expect(problems).toEqual([]);
    }, 60_000);

    test('a newcomer enrols a host, sets an assessment up, and downloads its report', async () => {
      const other = await startTestServer({ service: LOOPBACK });
      const stop = new AbortController();
      let working: Promise<void> = Promise.resolve();
      try {
        const token = given(other.service.signInLinks).issue(
          { ...testKey, region: 'us-east-1' },
          { ownUserOnly: false },
        );
        await page.goto(`${other.endpoint}/console/#/sign-in?once=${token}`);
        await page.getByText('No host is enrolled yet').waitFor();
        await page.getByRole('link', { name: 'Enrol hosts' }).click();
        await page.getByRole('button', { name: 'Show the command' }).click();
        const command = await page.getByTestId('enrol-command').innerText();
        const [, enrolment = ''] = / --token (\S+)$/.exec(command) ?? [];
        const agent = await enrollSimulatedAgent({
          endpoint: () => other.endpoint,
          token: enrolment,
          hostname: 'first.example',
          tags: [],
          evidence: insecure,
        });
        working = agent.work(stop.signal);
        await page.getByRole('button', { name: 'Done' }).click();
        await page.getByRole('button', { name: 'Load Hosts again' }).click();
        await page.getByRole('link', { name: 'first.example' }).waitFor();

        await page.goto(`${other.endpoint}/console/#/setup`);
        const submit = page.getByRole('button', { name: 'Create and start the first run' });
        for (let step = 0; step < 6 && !(await submit.isVisible()); step += 1) {
          await page.getByRole('button', { name: 'Next', exact: true }).click();
          await page.waitForTimeout(100);
        }
        await submit.click();
        await page.getByRole('tab', { name: /^Findings \([1-9]/ }).waitFor({ timeout: 30_000 });
        await page.getByRole('tab', { name: 'Report' }).click();
        const downloading = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Download the report' }).click();
        expect((await downloading).suggestedFilename()).toMatch(/\.pdf$/);
        const made = await other.client().send(new ListAssessmentTemplatesCommand({}));
        expect(made.assessmentTemplateArns).toHaveLength(1);
      } finally {
        stop.abort();
        await working;
        await other.stop();
      }
    }, 120_000);

    test('what a key may not do is not offered, and says why', async () => {
      const key = await server.addKey('AKIDREADER', testAccount);
      await server.service.store.accessKeys.setPolicy(key.accessKeyId, 'read-only');
      await openSignedIn(page, server, '#/runs', key);
      const start = page.getByRole('button', { name: 'Start a run' });
      await page.getByRole('link', { name: 'Weekly 3' }).waitFor();
      await expect.poll(() => start.getAttribute('aria-disabled')).toBe('true');
      await page
        .getByText('The policy read-only of this key does not allow it.')
        .first()
        .waitFor({ state: 'attached' });
      await page.goto(`${server.endpoint}/console/#/keys`);
      await page.getByText('Your key does not allow this').waitFor();
      expect(problems).toEqual([]);
    }, 60_000);

    test('a key that is revoked meanwhile leads to signing in again', async () => {
      const key = await server.addKey('AKIDSOONGONE', testAccount);
      await openSignedIn(page, server, '#/runs', key);
      await page.getByRole('link', { name: 'Weekly 3' }).waitFor();
      await server.service.store.accessKeys.revoke(key.accessKeyId, Date.now());
      await page.getByRole('button', { name: 'Load Runs again' }).click();
      await page.getByText('This key is no longer accepted').waitFor();
      await page.getByRole('button', { name: 'Sign in again' }).click();
      await page.getByLabel('Secret access key').waitFor();
    }, 60_000);

    test('a run that is gone, and a page that never was, are told', async () => {
      await openSignedIn(page, server, `#/runs/${encoded(`${fleet.template}/run/0-gonegone`)}`);
      await page.getByText('There is no such run').waitFor();
      await page.goto(`${server.endpoint}/console/#/nothing`);
      await heading('There is no such page');
      expect(await page.title()).toBe('Not found · Assay');
      expect(problems).toEqual([]);
    }, 60_000);

    const places = (): readonly string[] => [
      '#/',
      '#/findings',
      '#/findings?by=all',
      '#/findings/CVE-2026-1001',
      '#/runs',
      `#/runs/${encoded(given(fleet.runs[2]))}`,
      `#/runs/${encoded(given(fleet.runs[2]))}?tab=not-assessed`,
      `#/runs/${encoded(given(fleet.runs[2]))}?tab=coverage`,
      '#/hosts',
      `#/hosts/${fleet.hosts[0]}`,
      `#/hosts/${fleet.hosts[0]}?tab=coverage`,
      `#/hosts/${fleet.hosts[0]}?tab=runs`,
      '#/feeds',
      '#/keys',
      '#/audit',
      '#/settings',
      '#/targets',
      '#/templates',
      '#/setup',
      '#/schedules',
      '#/topics',
    ];

    /** Nothing is loading any more. */
    const settled = async (): Promise<void> => {
      await page.locator('h1').first().waitFor();
      await expect
        .poll(() => page.evaluate('document.querySelector("main").innerText'), { timeout: 10_000 })
        .not.toMatch(/\bLoading\b/);
    };

    /** Its parts find their places a moment after the screen has changed. */
    const fits = async (): Promise<boolean> => {
      for (let look = 0; look < 20; look += 1) {
        if (!(await isTooWide(page))) return true;
        await page.waitForTimeout(100);
      }
      return false;
    };

    test('a server that goes is told, and the page goes on when it is back', async () => {
      const other = await startTestServer({ jobs: false, service: LOOPBACK });
      const port = Number(new URL(other.endpoint).port);
      try {
        await addConsoleFleet(other);
        await openSignedIn(page, other, '#/runs');
        await page.getByRole('link', { name: 'Weekly 3' }).waitFor();
        // What can wait, such as the filter, is loaded after the rows.
        await page.waitForLoadState('networkidle');
        await other.stop({ keep: true });
        await page.getByRole('button', { name: 'Load Runs again' }).click();
        await page.getByText('The server does not answer').waitFor();
        // What was there stays.
        await page.getByRole('link', { name: 'Weekly 3' }).waitFor();
        const again = await startTestServer({ jobs: false, directory: other.directory, port, service: LOOPBACK });
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByText('The server does not answer').waitFor({ state: 'detached' });
        await again.stop();
      } finally {
        await other.stop().catch(() => undefined);
      }
    }, 60_000);

    test('hostile texts in every field are text', async () => {
      const hostile = `<img src=x onerror=alert(1)><b>b</b>\u202e"'=1+1`;
      const other = await startTestServer({ jobs: false, service: LOOPBACK });
      try {
        const theirs = await addConsoleFleet(other, { hostile });
        await openSignedIn(page, other);
        const run = encoded(given(theirs.runs[2]));
        for (const place of [
          '#/',
          '#/runs',
          `#/runs/${run}`,
          `#/runs/${run}?tab=not-assessed`,
          '#/findings?by=all',
          '#/hosts',
        ]) {
          await page.goto(`${other.endpoint}/console/${place}`);
          await settled();
          await page.getByText('<img src=x').first().waitFor({ state: 'attached' });
          expect(await page.locator('main img, main b:text-is("b")').count(), place).toBe(0);
          expect(await fits(), place).toBe(true);
        }
        expect(problems.filter((problem) => !problem.startsWith(other.endpoint))).toEqual([]);
      } finally {
        await other.stop();
      }
    }, 60_000);

    test('at 200 %, in forced colours, nothing overflows', async () => {
      await openSignedIn(page, server, '#/findings');
      await page.emulateMedia({ forcedColors: 'active' });
      // 200 % of a screen of 1,280 pixels leaves 640.
      await page.setViewportSize({ width: 640, height: 450 });
      await settled();
      expect(await fits()).toBe(true);
      // Colours say nothing there: severities and states have their words.
      for (const badge of await page.locator('tbody tr').all()) {
        expect(await badge.innerText()).toMatch(/High|Medium|Low|Informational|Undefined/);
      }
      expect(await page.locator('tbody tr').count()).toBeGreaterThan(0);
      const border = await page.evaluate<string>(`{
        const badges = [...document.querySelectorAll('tbody tr span')].filter((span) => span.childElementCount === 0);
        const badge = badges.find((span) => /^(?:High|Medium)$/.test(span.textContent));
        const { borderTopStyle, borderTopWidth } = getComputedStyle(badge);
        [borderTopStyle, borderTopWidth].join(' ');
      }`);
      expect(border).toBe('solid 1px');
      await page.emulateMedia({ forcedColors: null });
    }, 60_000);

    // A few of the pages each time, all of them in a campaign.
    test('pages fit every screen, and axe finds nothing wrong, in light and in dark', async () => {
      await openSignedIn(page, server);
      const found: string[] = [];
      const random = seededRandom(testSeed);
      const chosen = places()
        .map((place) => ({ place, at: random() }))
        .sort((a, b) => a.at - b.at)
        .slice(0, effort('console-pages', 4));
      const schemes = effort('console-schemes', 1) === 1 ? [random() < 0.5] : [true, false];
      for (const { place } of chosen) {
        for (const isDark of schemes) {
          await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light', reducedMotion: 'reduce' });
          await page.goto(`${server.endpoint}/console/${place}`);
          await settled();
          for (const width of [360, 768, 1920, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            if (!(await fits())) found.push(`${place} is wider than ${width}`);
            // The navigation is another on a narrow screen.
            if (width === 768 || width === 1920) continue;
            found.push(...(await violations(page)).map((violation) => `${place} at ${width}: ${violation}`));
          }
        }
      }
      expect(found).toEqual([]);
      expect(problems).toEqual([]);
    }, 600_000);
  },
);
