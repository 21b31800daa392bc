import { expect, test } from 'vitest';
import { createFeedsUpdater } from '../../packages/server/src/runtime/feeds-updater.ts';

/** What the server's log is told of a command that writes and ends so. */
async function told(script: string): Promise<string[]> {
  const reports: string[] = [];
  const updater = createFeedsUpdater({
    program: [process.execPath, '-e', script],
    directory: { path: '/nonexistent', store: { file: '/nonexistent/store' } } as never,
    report: (message) => reports.push(message),
  });
  expect(updater.start()).toBe('STARTED');
  expect(updater.start()).toBe('RUNNING');
  await expect.poll(updater.running, { timeout: 20_000 }).toBe(false);
  return reports;
}

const answer = JSON.stringify({
  feeds: [
    { name: 'Debian', outcome: 'unchanged' },
    { name: 'kev', outcome: 'failed', error: 'www.cisa.gov: the server answered 404' },
    { name: 'ends-of-life', outcome: 'failed', error: 'no answer within 5 s' },
  ],
});

test('the feeds that failed are named with the reason, not what the command said meanwhile', async () => {
  const script = `console.error('Feeds for the hosts here'); console.log(${JSON.stringify(answer)}); process.exitCode = 1`;
  expect(await told(script)).toEqual([
    'Feeds that were not updated: kev (www.cisa.gov: the server answered 404); ends-of-life (no answer within 5 s)',
  ]);
});

test.each([
  ['that says why', "console.error('the disk is full'); process.exitCode = 5", /status 5: the disk is full$/],
  ['whose answer is cut', 'console.log(\'{"feeds": [\'); process.exitCode = 1', /status 1: see feeds status$/],
  ['that is killed', "process.kill(process.pid, 'SIGKILL')", /SIGKILL: see feeds status$/],
])('a command %s is told as it is', async (_, script, words) => {
  expect(await told(script)).toEqual([expect.stringMatching(words)]);
});

test('one that ends well is not told of', async () => {
  expect(await told('')).toEqual([]);
});
