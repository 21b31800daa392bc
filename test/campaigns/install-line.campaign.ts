import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeAssessmentRunsCommand, DescribeFindingsCommand, ListFindingsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { feedsDirectory } from '../../packages/server/src/feeds/feeds-directory.ts';
import { updateFeeds } from '../../packages/server/src/feeds/update-feeds.ts';
import { openAdvisorySource } from '../../packages/server/src/runtime/advisory-source.ts';
import { eventually, exclusionsOf, newToken, startRun, untilEnded } from '../agent/agent-server.ts';
import { writeFeed } from '../support/debian-host.ts';
import { works } from '../support/run-program.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { newDataDirectory } from '../support/test-store.ts';
import { filesOf, makeAlmaLinux, startIn } from './new-system.ts';

const ROOT = join(import.meta.dirname, '../..');
/** A made-up advisory in AlmaLinux's form. */
const almaLinuxRecord = {
  id: 'ALSA-2026:9999',
  modified: '2026-01-01T00:00:00Z',
  published: '2026-01-01T00:00:00Z',
  upstream: ['CVE-2026-99999'],
  summary: 'Important: libmade security update',
  details: 'Something is wrong with libmade.',
  affected: [
    {
      package: { ecosystem: 'AlmaLinux:9', name: 'libmade' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2-3.el9_4' }] }],
    },
  ],
};
const offline = {
  now: Date.now,
  fetch: () => Promise.reject(new Error('no network')),
  sleep: () => Promise.resolve(),
  deadline: () => new AbortController().signal,
};
const why =
  process.geteuid?.() !== 0
    ? 'this is not root'
    : ['debootstrap', 'unshare'].find((program) => !works(program, ['--help']) && !works(program, ['--version']));
if (why !== undefined) console.warn(`SKIPPED: the agent in a new Debian: ${why}.`);

describe.skipIf(why !== undefined)('the install line in a new Debian 12 that has nothing but curl', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-install-'));
  const agentFiles = join(scratch, 'agent');
  const debian = join(scratch, 'debian');
  let server: TestServer;

  beforeAll(async () => {
    const build = join(ROOT, 'scripts/build-agent.ts');
    execFileSync(process.execPath, [build, '--out', agentFiles, '--arch', process.arch], { stdio: 'inherit' });
    execFileSync('debootstrap', ['--variant=minbase', '--include=curl,ca-certificates,rpm', 'bookworm', debian], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const directory = newDataDirectory();
    const feed = join(scratch, 'AlmaLinux.jsonl.gz');
    writeFeed(feed, [almaLinuxRecord]);
    const { feeds } = await updateFeeds(offline, feedsDirectory(directory), [{ name: 'AlmaLinux', source: feed }]);
    expect(feeds).toMatchObject([{ outcome: 'updated' }]);
    const advisories = openAdvisorySource(feedsDirectory(directory), console.error);
    server = await startTestServer({ directory, service: { agentFiles, advisories } });
  }, 900_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  async function findingsOf(run: string): Promise<string> {
    const client = server.client();
    const { findingArns = [] } = await client.send(new ListFindingsCommand({ assessmentRunArns: [run] }));
    const told = async () => (await exclusionsOf(server, run)).map(({ description }) => description).join('\n');
    if (findingArns.length === 0) throw new Error(`The run has no findings:\n${await told()}`);
    const { findings = [] } = await client.send(new DescribeFindingsCommand({ findingArns: findingArns.slice(0, 10) }));
    return findings.map(({ title }) => title).join('\n');
  }

  test('ends in findings of that host, and uninstall leaves nothing', async () => {
    const before = filesOf(debian);
    const token = await newToken(server);
    const { exited } = await startIn(
      debian,
      `set -e
curl -fsSL ${server.endpoint}/agent/install.sh | sh -s -- --token ${token} --tag Made=today
pid=$(cat /run/assay-agent.pid)
tr '\\0' ' ' </proc/$pid/cmdline >/command-line
tr '\\0' '\\n' </proc/$pid/environ >/environment
assay-agent doctor >/doctor || true
echo >/ready
while [ ! -e /go-on ]; do sleep 0.2; done
assay-agent uninstall
if kill -0 $pid 2>/dev/null; then echo 'the agent still runs'; exit 1; fi
rm /command-line /environment /doctor /ready /go-on
`,
    );

    // The process that stays has the token nowhere.
    expect(readFileSync(join(debian, 'command-line'), 'utf8')).toBe('/opt/assay/assay-agent run ');
    expect(readFileSync(join(debian, 'environment'), 'utf8')).not.toContain(token);
    expect(readFileSync(join(debian, 'doctor'), 'utf8')).toMatch(/^Enrolled +as i-[0-9a-f]{17}$/m);

    const run = await startRun(server);
    expect((await untilEnded(server, run)).state).toMatch(/^COMPLETED/);
    // A new Debian has no limit to the age of passwords.
    expect(await findingsOf(run)).toMatch(/password/i);

    writeFileSync(join(debian, 'go-on'), '');
    expect(await exited).toEqual([0, null]);
    rmSync(join(debian, 'script'));
    expect(filesOf(debian)).toEqual(before);
  });

  const rpm = (): string | undefined => readdirSync(agentFiles).find((name) => name.endsWith('.rpm'));
  test('from the .rpm, the agent comes and goes, ends in findings, and uninstall and rpm leave nothing', async ({
    skip,
  }) => {
    const file = rpm();
    if (file === undefined) return skip('this machine has no rpmbuild');
    const before = filesOf(debian);
    copyFileSync(join(agentFiles, file), join(debian, 'agent.rpm'));
    writeFileSync(join(debian, 'token'), await newToken(server));
    const { exited } = await startIn(
      debian,
      `set -e
rpm --install --nodeps /agent.rpm
rpm --verify --nodeps assay-agent
assay-agent install --server ${server.endpoint} --token-file /token --tag Made=today --interval 60s
until grep -q '^Done' /var/log/assay-agent.log; do sleep 0.2; done
list() { for process in /proc/[0-9]*; do tr '\\0' ' ' <$process/cmdline; echo; done 2>/dev/null; }
# The visit that says so ends a moment later.
while list | grep -q '^/usr/bin/assay-agent '; do sleep 0.2; done
list >/processes
echo >/ready
while [ ! -e /go-on ]; do sleep 0.2; done
assay-agent uninstall
rpm --erase assay-agent
rm /processes /ready /go-on
`,
    );
    expect(readFileSync(join(debian, 'processes'), 'utf8')).not.toMatch(/^(?:nice|\/usr\/bin\/assay-agent) /m);
    const run = await startRun(server);
    // The next visit is up to a minute away, and has to take evidence along.
    const ended = await eventually(
      'the run',
      async () => {
        const { assessmentRuns } = await server
          .client()
          .send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [run] }));
        return assessmentRuns?.find(({ completedAt }) => completedAt !== undefined);
      },
      180_000,
    );
    expect(ended.state).toMatch(/^COMPLETED/);
    expect(await findingsOf(run)).toMatch(/password/i);
    const { store } = server.service;
    // The host of the first test has left.
    const agents = async () =>
      (await store.agents.listMatching(1, null, undefined, 10)).filter(({ visitEvery }) => visitEvery !== null);
    expect(await agents()).toMatchObject([{ status: 'IDLE', visitEvery: 60_000 }]);

    writeFileSync(join(debian, 'go-on'), '');
    expect(await exited).toEqual([0, null]);
    // Nobody was there to say it but uninstall.
    expect(await agents()).toMatchObject([{ status: 'SHUTDOWN' }]);
    for (const name of ['script', 'agent.rpm', 'token']) rmSync(join(debian, name));
    // Where rpm is at home, a package of the system has this directory.
    rmdirSync(join(debian, 'usr/share/licenses'));
    expect(filesOf(debian)).toEqual(before);
  }, 300_000);

  describe('in a system whose packages are rpm’s, as AlmaLinux 9’s are', () => {
    const alma = join(scratch, 'alma');
    beforeAll(() =>
      makeAlmaLinux(debian, alma, [
        ['almalinux-release', '9.4', '1.el9'],
        ['libmade', '1.2', '2.el9_4'],
      ]),
    );

    test.each(['line', 'package'])(
      'ends in findings of that host, installed by the %s, and leaves nothing',
      async (way) => {
        const file = rpm();
        if (way === 'package' && file === undefined) throw new Error('This machine has rpm, and made no .rpm');
        const before = filesOf(alma);
        const token = await newToken(server);
        if (file !== undefined) copyFileSync(join(agentFiles, file), join(alma, 'agent.rpm'));
        writeFileSync(join(alma, 'token'), token);
        const { exited } = await startIn(
          alma,
          `set -e
if [ ${way} = line ]; then
  curl -fsSL ${server.endpoint}/agent/install.sh | sh -s -- --token-file /token
else
  rpm --install --nodeps /agent.rpm
  assay-agent install --server ${server.endpoint} --token-file /token
fi
assay-agent doctor >/doctor || true
echo >/ready
while [ ! -e /go-on ]; do sleep 0.2; done
assay-agent uninstall
if [ ${way} = package ]; then rpm --erase assay-agent; rmdir /usr/share/licenses; fi
rm /doctor /ready /go-on /agent.rpm /token
`,
        );
        expect(readFileSync(join(alma, 'doctor'), 'utf8')).toMatch(/^ +packages +all of it/m);
        const run = await startRun(server, { rules: 'Common Vulnerabilities and Exposures' });
        expect((await untilEnded(server, run)).state).toMatch(/^COMPLETED/);
        expect(await findingsOf(run)).toMatch(/CVE-2026-99999/);
        const policy = await startRun(server);
        await untilEnded(server, policy);
        expect(await findingsOf(policy)).toMatch(/password/i);
        writeFileSync(join(alma, 'go-on'), '');
        expect(await exited).toEqual([0, null]);
        rmSync(join(alma, 'script'));
        expect(filesOf(alma)).toEqual(before);
      },
      300_000,
    );
  });

  test('collects what the agent of a clone collects, byte for byte', () => {
    const steady = ['osRelease', 'packages', 'passwordPolicy', 'accounts', 'fileModes', 'sshd'];
    const show = (program: string, ...args: string[]): string =>
      execFileSync(program, [...args, 'show', ...steady], { encoding: 'utf8', maxBuffer: 2 ** 28 }).replaceAll(
        /"collectedAt":[\d.]+/g,
        '',
      );
    const ofClone = show(process.execPath, join(ROOT, 'packages/agent/src/cli/main.ts'));
    expect(show(join(agentFiles, `assay-agent-linux-${process.arch}`))).toBe(ofClone);
    expect(show(process.execPath, join(agentFiles, 'assay-agent.cjs'))).toBe(ofClone);
  });
});
