import { copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { debianRecord, writeDebianRoot, writeFeed } from '../support/debian-host.ts';
import { runAssay } from './run-assay.ts';

const directory = mkdtempSync(join(tmpdir(), 'assay-test-scan-'));
const root = join(directory, 'root');
const feeds = join(directory, 'feeds');
const nothing = join(directory, 'nothing');

interface ScanResult {
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly attributes: readonly { readonly key: string; readonly value: string }[];
    readonly packages?: readonly object[];
  }[];
  readonly exclusions: readonly { readonly title: string; readonly description: string }[];
}

beforeAll(() => {
  writeDebianRoot(root, [
    { name: 'libssl3', version: '3.0.9-1', source: 'openssl' },
    { name: 'openssl', version: '3.0.9-1' },
    { name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: 'zlib' },
    { name: 'bash', version: '5.2.15-2+b2' },
  ]);
  const high = { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] };
  writeFeed(join(feeds, 'Debian/one.jsonl.gz'), [
    { ...debianRecord('CVE-2023-5363', 'openssl', '3.0.11-1~deb12u2'), ...high },
    debianRecord('CVE-2020-1000', 'openssl', '3.0.0-1'),
    { ...debianRecord('CVE-2023-45853', 'zlib', null), ...high },
  ]);
  writeFeed(join(feeds, 'two.jsonl.gz'), [
    debianRecord('CVE-2022-3715', 'bash', null, { ecosystem_specific: { urgency: 'unimportant' } }),
  ]);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const scan = (...args: string[]) => runAssay(['scan', '--root', root, '--data-dir', nothing, ...args]);
const parsed = (stdout: string) => JSON.parse(stdout) as ScanResult;

describe('--root with --feeds', () => {
  test('every CVE is a finding with its packages; what is fixed is none', async () => {
    const { status, stdout } = await scan('--feeds', feeds, '--json');
    expect(status).toBe(1);
    const { findings, exclusions } = parsed(stdout);
    const found = findings.filter(({ id }) => id.startsWith('CVE-'));
    expect(Object.fromEntries(found.map(({ id, severity, packages }) => [id, [severity, packages]]))).toEqual({
      'CVE-2023-5363': [
        'High',
        ['libssl3', 'openssl'].map((name) => ({
          name,
          sourceName: 'openssl',
          installedVersion: '3.0.9-1',
          fixedVersion: '3.0.11-1~deb12u2',
          state: 'FIX_AVAILABLE',
        })),
      ],
      'CVE-2023-45853': [
        'High',
        [
          {
            name: 'zlib1g',
            sourceName: 'zlib',
            installedVersion: '1:1.2.13.dfsg-1',
            fixedVersion: null,
            state: 'NO_FIX',
          },
        ],
      ],
      'CVE-2022-3715': ['Informational', [expect.objectContaining({ name: 'bash', state: 'NO_FIX' })]],
    });
    // What only a running host can tell is said, not guessed.
    expect(exclusions.map(({ description }) => description).join()).toContain('Security Best Practices');
  });

  test('the same again from one of its files, and from a folder of links', async () => {
    const links = join(directory, 'links');
    writeFeed(join(links, 'copy.jsonl.gz'), [debianRecord('CVE-2024-1001', 'bash', null)]);
    symlinkSync(join(feeds, 'two.jsonl.gz'), join(links, 'link.jsonl.gz'));
    const { findings } = parsed((await scan('--feeds', links, '--json')).stdout);
    expect(findings.map(({ id }) => id).sort()).toEqual(['CVE-2022-3715', 'CVE-2024-1001']);
    const one = parsed((await scan('--feeds', join(feeds, 'two.jsonl.gz'), '--json')).stdout);
    expect(one.findings.map(({ id }) => id)).toEqual(['CVE-2022-3715']);
  });

  test('for people: those with a fix are rows, the others are counted', async () => {
    const { stdout } = await scan('--feeds', feeds);
    expect(stdout).toMatch(/High +CVE-2023-5363 +libssl3 \+1 +3\.0\.11-1~deb12u2/);
    // The worst are rows too, with a fix or without.
    expect(stdout).toMatch(/High +CVE-2023-45853 +zlib1g +without a fix yet/);
    expect(stdout).toContain('apt-get install --only-upgrade libssl3 openssl');
    for (const line of stdout.slice(stdout.indexOf('Findings')).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
    expect((await scan('--feeds', feeds, '--all')).stdout).toMatch(/High +CVE-2023-45853 +zlib1g +without a fix yet/);
  });
});

test('the index of a folder is built once, and found again while its content is the same', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'assay-scan-feeds-'));
  try {
    const one = join(copy, 'one.jsonl.gz');
    copyFileSync(join(feeds, 'Debian/one.jsonl.gz'), one);
    const first = await scan('--feeds', copy, '--rules', 'cve', '--json');
    const second = await scan('--feeds', copy, '--rules', 'cve', '--json');
    expect(first.stderr).toContain('Reading one …');
    expect(second.stderr).not.toContain('Reading');
    const ids = ({ stdout }: { stdout: string }) => parsed(stdout).findings.map(({ id }) => id);
    expect(ids(second)).toEqual(ids(first));
    copyFileSync(join(feeds, 'two.jsonl.gz'), one);
    const third = await scan('--feeds', copy, '--rules', 'cve', '--json');
    expect(third.stderr).toContain('Reading one …');
    expect(ids(third)).not.toEqual(ids(first));
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('without feeds the run says how to get them, and the data directory is not made', async () => {
  const { stdout, status } = await scan('--json');
  const { exclusions } = parsed(stdout);
  expect(status).toBe(2);
  expect(exclusions.map(({ description }) => description).join()).toContain('assay feeds update');
  expect(readdirSync(directory)).not.toContain('nothing');
});

test('what cannot be used is said in one line, with status 2', async () => {
  const readme = join(directory, 'readme.txt');
  writeFileSync(readme, 'no feed');
  for (const [args, message] of [
    [['--feeds', join(directory, 'absent')], 'is not there'],
    [['--feeds', root], 'holds no feeds'],
    [['--feeds', readme], 'nothing in it is a feed'],
    [['--root', readme], 'is no folder'],
    [['--rules', 'cve,nothing'], 'does not know nothing'],
    [['--fail-on', 'undefined'], 'High, Medium, Low or Informational'],
  ] as const) {
    const { status, stderr } = await scan(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  }
});
