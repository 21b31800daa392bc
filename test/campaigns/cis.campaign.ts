/**
 * Real Debian roots, evaluated by Assay and by plain oscap in the same chroot with the real data streams: every verdict is
 * oscap's. debootstrap makes the roots once, from this machine's own apt source.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTestResult } from '@assay/agent/collect/scap-results/read-test-result.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { works } from '../support/run-program.ts';
import { sharedFile, skipNote } from '../support/shared-data.ts';
import { unpackXz } from '../support/unpacked-xz.ts';

const product = join(import.meta.dirname, '../..');
const roots = process.env.ASSAY_TEST_CIS_ROOTS || '/tmp/assay-cis-roots';
const content = sharedFile('data/scap/content');
const tools =
  process.geteuid?.() === 0 ? ['debootstrap', 'unshare'].find((tool) => !works(tool, ['--version'])) : 'root';
const absent = content.absent ?? (tools && `${tools} is not there`);

/** What a small server has, so that rules of all kinds apply; libatomic1 is for Node.js. */
const PACKAGES =
  'openscap-scanner,linux-base,openssh-server,sudo,cron,rsyslog,nftables,chrony,libpam-pwquality,procps,iproute2,systemd,systemd-sysv,ca-certificates,libatomic1';
const LEVEL1 = 'xccdf_org.ssgproject.content_profile_cis_level1_server';
const LEVEL2 = 'xccdf_org.ssgproject.content_profile_cis_level2_server';

const outcomes: Readonly<Record<string, string>> = {
  pass: 'PASSED',
  fail: 'FINDING',
  notapplicable: 'NOT_APPLICABLE',
  error: 'NOT_ASSESSED',
  unknown: 'NOT_ASSESSED',
  notchecked: 'NOT_ASSESSED',
};

function rootOf(suite: string): string {
  const root = join(roots, suite);
  if (existsSync(join(root, 'usr/bin/oscap'))) return root;
  mkdirSync(roots, { recursive: true });
  execFileSync('debootstrap', ['--variant=minbase', `--include=${PACKAGES}`, suite, root], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return root;
}

interface Verdict {
  readonly ruleId: string;
  readonly outcome: string;
}

/** Runs a script in a throw-away copy of a root: Assay is at /assay, and what it writes to /out is here afterwards. */
function inside(suite: string, release: string, stream: string, script: string) {
  const work = mkdtempSync(join(tmpdir(), 'assay-cis-'));
  onTestFinished(() => rmSync(work, { recursive: true, force: true }));
  const out = join(work, 'out');
  mkdirSync(out);
  writeFileSync(join(work, 'script'), `export PATH=/assay/node_modules/.bin:$PATH HOME=/root\n${script}`);
  const root = rootOf(suite);
  const mounts = `set -e
mount --make-rprivate /; mkdir ${work}/o; mount -t tmpfs o ${work}/o; mkdir ${work}/o/up ${work}/o/work ${work}/o/root
mount -t overlay o -o lowerdir=${root},upperdir=${work}/o/up,workdir=${work}/o/work ${work}/o/root; cd ${work}/o/root
mkdir -p assay content out; mount --bind ${product} assay; mount --bind ${out} out; cp ${work}/script script; cp ${stream} content/ds.xml
mount -t proc proc proc; mount -t sysfs sys sys
for d in null zero urandom random tty full; do touch dev/$d; mount --bind /dev/$d dev/$d; done
exec chroot . /bin/sh /script`;
  const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', mounts];
  const { status, stderr } = spawnSync('unshare', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`Debian ${release} ended with status ${status}: ${stderr.slice(-2000)}`);
  const verdicts = (name: string): Verdict[] =>
    (JSON.parse(readFileSync(join(out, name), 'utf8')) as { verdicts: Verdict[] }).verdicts;
  return { out, verdicts };
}

const findings = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ outcome }) => outcome === 'FINDING').map(({ ruleId }) => ruleId);

describe.skipIf(absent).each([
  ['bookworm', '12', LEVEL1],
  ['bookworm', '12', LEVEL2],
  ['trixie', '13', LEVEL1],
])(`%s, Debian %s, %s${skipNote(absent)}`, (suite, release, profile) => {
  test("every verdict is plain oscap's, and a fixed setting takes exactly its finding away", {
    timeout: 30 * 60_000,
  }, async () => {
    const stream = join(mkdtempSync(join(tmpdir(), 'assay-cis-')), 'ds.xml');
    onTestFinished(() => rmSync(join(stream, '..'), { recursive: true, force: true }));
    await unpackXz(sharedFile(`data/scap/content/ssg-debian${release}-ds.xml.xz`).file, stream);
    const judge = (name: string): string =>
      `node /assay/test/campaigns/judge-root.ts /content/ds.xml ${profile} /data-${name} >/out/${name}.json`;
    const { out, verdicts } = inside(
      suite,
      release,
      stream,
      `set -e; cd /root
${judge('before')}
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/nonexistent oscap xccdf eval --profile ${profile} --skip-valid --results /out/plain.xml /content/ds.xml >/dev/null 2>&1 || test $? = 2
chmod 700 /etc/cron.daily
${judge('after')}
`,
    );
    const plain = await readTestResult(join(out, 'plain.xml'));
    const before = verdicts('before.json');
    expect(before.length).toBeGreaterThan(300);
    const words = new Map(plain.results.map(({ rule, result }) => [rule, result]));
    expect(before.map(({ ruleId, outcome }) => [ruleId, outcome])).toEqual(
      before.map(({ ruleId }) => [ruleId, outcomes[words.get(ruleId) ?? '']]),
    );
    expect(before.length).toBe(words.size);
    const [first, second] = [findings(before), findings(verdicts('after.json'))];
    expect(first.filter((rule) => !second.includes(rule))).toEqual([
      'xccdf_org.ssgproject.content_rule_file_permissions_cron_daily',
    ]);
    expect(second.filter((rule) => !first.includes(rule))).toEqual([]);
  });
});
