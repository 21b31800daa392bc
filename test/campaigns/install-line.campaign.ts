import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeAssessmentRunsCommand, DescribeFindingsCommand, ListFindingsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, newToken, startRun, untilEnded } from '../agent/agent-server.ts';
import { works } from '../support/run-program.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const ROOT = join(import.meta.dirname, '../..');
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
    server = await startTestServer({ service: { agentFiles } });
  }, 900_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Files of the new system, but for what its own programs note of their use. */
  const files = (): string[] =>
    execFileSync('find', [debian, '-xdev', '-not', '-path', '*/root/.*', '-not', '-path', '*/var/lib/rpm*'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
      .split('\n')
      .toSorted();

  /** Runs /script as the first process of the new system; resolves when it says that it is ready. */
  async function inside(): Promise<{ readonly exited: Promise<unknown[]> }> {
    const mounts = `mount -t proc proc ${debian}/proc; mount --rbind /sys ${debian}/sys; mount --bind /dev ${debian}/dev`;
    const child = spawn(
      'unshare',
      ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', `${mounts}; exec chroot ${debian} sh /script`],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const exited = once(child, 'exit');
    await eventually('the agent', () => {
      if (child.exitCode !== null) throw new Error(`The installation ended with status ${child.exitCode}`);
      return existsSync(join(debian, 'ready')) || undefined;
    });
    return { exited };
  }

  async function findingsOf(run: string): Promise<string> {
    const client = server.client();
    const { findingArns = [] } = await client.send(new ListFindingsCommand({ assessmentRunArns: [run] }));
    expect(findingArns.length).toBeGreaterThan(0);
    const { findings = [] } = await client.send(new DescribeFindingsCommand({ findingArns: findingArns.slice(0, 10) }));
    return findings.map(({ title }) => title).join('\n');
  }

  test('ends in findings of that host, and uninstall leaves nothing', async () => {
    const before = files();
    const token = await newToken(server);
    writeFileSync(
      join(debian, 'script'),
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
    const { exited } = await inside();

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
    expect(files()).toEqual(before);
  });

  const rpm = (): string | undefined => readdirSync(agentFiles).find((name) => name.endsWith('.rpm'));
  test('from the .rpm, the agent comes and goes, ends in findings, and uninstall and rpm leave nothing', async ({
    skip,
  }) => {
    const file = rpm();
    if (file === undefined) return skip('this machine has no rpmbuild');
    const before = files();
    copyFileSync(join(agentFiles, file), join(debian, 'agent.rpm'));
    writeFileSync(join(debian, 'token'), await newToken(server));
    writeFileSync(
      join(debian, 'script'),
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
    const { exited } = await inside();
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
    expect(files()).toEqual(before);
  }, 300_000);

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
