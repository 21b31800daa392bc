import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { collect } from '@assay/agent/collect.ts';
import { type Host, refuse } from '@assay/agent/host.ts';
import { openHost } from '@assay/agent/open-host.ts';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { scanAdvisories } from '../../../packages/server/src/cli/scan/scan-advisories.ts';
import type { VulnerablePackage } from '../../../packages/server/src/domain/rules-package.ts';
import { judgeHost } from '../../../packages/server/src/engine/judging/judge-host.ts';
import { catalogOf } from '../../../packages/server/src/engine/judging/rules-package-catalog.ts';
import { runAssay } from '../../cli/run-assay.ts';
import { agentOf } from '../../support/accuracy/agent-of.ts';
import { sharedFile, skipNote } from '../../support/shared-data.ts';

/** A host, feeds, and what is right to say of a CVE; the data folder says where each was reported. */
interface Case {
  readonly os: string;
  readonly dpkg?: string;
  readonly apk?: string;
  readonly rpm?: readonly Readonly<Record<string, string | null>>[];
  readonly uname?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly osv?: readonly object[];
  readonly tracker?: object;
  readonly secdb?: object;
  readonly updateinfo?: string;
  readonly args?: readonly string[];
  readonly exit?: readonly number[];
  readonly expect: Readonly<Record<string, Wanted>>;
}

interface Wanted {
  /** LOUD: found, or said not to be assessed; anything but silence or "does not run". */
  readonly outcome: 'AFFECTED' | 'NOT_AFFECTED' | 'NOT_ASSESSED' | 'LOUD';
  readonly package?: string;
  readonly only?: readonly string[];
  readonly state?: string;
  readonly not_state?: string;
  readonly fixed?: string;
  readonly severity?: string;
  readonly says?: string;
}

/** What is said of a host: each CVE's packages and severity, and the exclusions. */
interface Said {
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly packages: readonly VulnerablePackage[];
  }[];
  readonly exclusions: string;
}

const folder = sharedFile('data/cases/cve/cases');
const names = folder.absent === undefined ? readdirSync(folder.file).map((name) => name.replace('.json', '')) : [];
/** What only a run says, or the status of the command: these take a process each. */
const ofARun = /^(?:exit-|feed-of-another-year|derivative-|alpine-edge)/;

describe.skipIf(folder.absent !== undefined)(`cases from public reports${skipNote(folder.absent)}`, () => {
  test('there are some', () => expect(names.length).toBeGreaterThan(40));
  test.each(names)('%s', async (name) => {
    const given = JSON.parse(readFileSync(join(folder.file, `${name}.json`), 'utf8')) as Case;
    const root = mkdtempSync(join(tmpdir(), 'assay-case-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const feeds = join(root, 'feeds');
    writeAll(feeds, feedFiles(given));
    writeAll(join(root, 'host'), hostFiles(given));
    const said = ofARun.test(name) ? await scanned(given, root) : await judged(given, root);
    for (const [cve, wanted] of Object.entries(given.expect)) check(said, cve, wanted);
  });
});

const feedFiles = ({ osv, tracker, secdb, updateinfo }: Case): Readonly<Record<string, string>> => ({
  ...(osv && { 'osv.jsonl': osv.map((each) => `${JSON.stringify(each)}\n`).join('') }),
  ...(tracker && { 'tracker.json': JSON.stringify(tracker) }),
  ...(secdb && { 'secdb.json': JSON.stringify(secdb) }),
  ...(updateinfo !== undefined && { 'updateinfo.xml': updateinfo }),
});

const hostFiles = ({ os, dpkg, apk, uname, files }: Case): Readonly<Record<string, string>> => ({
  'etc/os-release': os,
  'etc/hostname': 'case\n',
  ...(dpkg !== undefined && { 'var/lib/dpkg/status': dpkg }),
  ...(apk !== undefined && { 'lib/apk/db/installed': apk }),
  ...(uname !== undefined && { 'proc/sys/kernel/osrelease': `${uname}\n` }),
  ...files,
});

function writeAll(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** As `assay scan` does it, without a server between. */
async function judged(given: Case, root: string): Promise<Said> {
  // Nobody reads what is said while the feeds are.
  const progress = new PassThrough() as unknown as NodeJS.WriteStream;
  const source = await scanAdvisories({ feeds: join(root, 'feeds'), temporary: root, progress });
  try {
    const advisories = source.current()?.value;
    if (!advisories) throw new Error('no advisories');
    const host = withRpm(await openHost(join(root, 'host')), given);
    const evidence: HostEvidence = {
      osRelease: await collect('osRelease', host),
      packages: await collect('packages', host),
      kernel: await collect('kernel', host),
    };
    const entry = catalogOf('us-east-1').find(({ name }) => name === 'Common Vulnerabilities and Exposures');
    if (!entry) throw new Error('the catalog lacks the package');
    const { verdicts, findings, exclusions } = judgeHost(entry, agentOf('i-1'), evidence, {
      advisories,
      at: Date.now(),
    });
    return {
      findings: findings.map(({ rule, severity, verdict }) => {
        const found = verdicts[verdict];
        return { id: rule, severity, packages: found?.outcome === 'FINDING' ? (found.finding.packages ?? []) : [] };
      }),
      exclusions: exclusions.map(({ document }) => document.description).join(' '),
    };
  } finally {
    source.close();
  }
}

/** Where a case names rpm packages, the host's rpm prints them. */
function withRpm(host: Host, { rpm }: Case): Host {
  if (!rpm) return host;
  const tags = ['name', 'epoch', 'version', 'release', 'arch', 'source', 'module', 'vendor'];
  const stdout = rpm.map((each) => `${tags.map((tag) => each[tag] ?? '(none)').join('\t')}\n`).join('');
  return {
    ...host,
    run: async (command) =>
      command === 'rpm' ? { ok: true, value: { exitCode: 0, stdout, stderr: '' } } : refuse('UNSUPPORTED', 'a case'),
  };
}

async function scanned({ args = [], exit }: Case, root: string): Promise<Said> {
  const of = ['--root', join(root, 'host'), '--feeds', join(root, 'feeds')];
  const { status, stdout, stderr } = await runAssay(['scan', ...of, '--json', ...args]);
  if (exit) expect([status, stderr]).toEqual([exit.includes(status ?? -1) ? status : exit, stderr]);
  const { findings, exclusions } = JSON.parse(stdout) as {
    findings: Said['findings'];
    exclusions: { readonly description: string }[];
  };
  const texts = exclusions.map(({ description }) => description);
  return { findings, exclusions: texts.filter((text) => /Common Vulnerabilities|dvisor/.test(text)).join(' ') };
}

function check(said: Said, cve: string, wanted: Wanted): void {
  const found = said.findings.filter(({ id }) => id === cve);
  const packages = found.flatMap((each) => each.packages);
  const states = packages.map(({ state }) => state);
  const spoken = said.exclusions.toLowerCase();
  const { outcome, package: name = '', says = '' } = wanted;
  switch (outcome) {
    case 'AFFECTED': {
      expect([found.length, said.exclusions]).toEqual([1, said.exclusions]);
      if (name) expect(packages.map((each) => each.name)).toContain(name);
      if (wanted.only) expect([...new Set(packages.map((each) => each.name))].sort()).toEqual([...wanted.only].sort());
      if (wanted.state !== undefined) expect(states).toContain(wanted.state);
      if (wanted.not_state !== undefined) expect(states).not.toContain(wanted.not_state);
      if (wanted.fixed !== undefined) expect(packages.map(({ fixedVersion }) => fixedVersion)).toContain(wanted.fixed);
      if (wanted.severity !== undefined) expect(found[0]?.severity).toBe(wanted.severity);
      expect(spoken).toContain(says.toLowerCase());
      return;
    }
    case 'NOT_AFFECTED': {
      expect(packages).toEqual([]);
      const named = new RegExp(`(?<![\\w.+-])${name.replaceAll(/[.+]/g, '\\$&')}(?![\\w.+-])`);
      if (name) expect(said.exclusions).not.toMatch(named);
      return;
    }
    case 'NOT_ASSESSED':
      expect(packages).toEqual([]);
      expect(spoken).toContain(says.toLowerCase());
      return;
    case 'LOUD':
      if (found.length === 0 || states.every((state) => state === 'INSTALLED_NOT_RUNNING')) {
        expect(spoken).toContain(says.toLowerCase());
      }
  }
}
