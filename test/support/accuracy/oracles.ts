import { alpine, type DataHost, workstation } from './data-host.ts';

/** Why a tool and Assay differ in the CVEs of some packages. `side` says who alone has them. */
export interface Explanation {
  readonly side: 'THEIRS' | 'OURS';
  /** The packages (as the answers name them) that it holds for, with all their CVEs or these only. */
  readonly packages: readonly string[];
  readonly cves?: readonly string[];
  readonly because: string;
  /** The record that settles it, one of many. */
  readonly record: string;
}

/** A reference tool's answer for a host: lines of a CVE and a package. */
export interface Oracle {
  readonly host: DataHost;
  /** The advisories that both are given: osv/<name>.jsonl.gz. */
  readonly data: string;
  readonly ecosystem: string;
  readonly tool: string;
  /** In oracle/. */
  readonly file: string;
  readonly names: 'BINARY' | 'SOURCE';
  readonly explanations: readonly Explanation[];
}

const kernel = (packages: readonly string[]): Explanation => ({
  side: 'THEIRS',
  packages,
  because:
    'header files and a measuring tool, built from the source of the kernel; no image is installed, and only one that runs counts',
  record: 'DEBIAN-CVE-2004-0230',
});

const nodejs: Explanation = {
  side: 'THEIRS',
  packages: ['nodejs'],
  because: 'installed is 20.20.2-1nodesource1+repack1 of NodeSource; the records are about Debian’s own builds of 18.x',
  record: 'DEBIAN-CVE-2024-27983',
};

const postgresql: Explanation = {
  side: 'THEIRS',
  packages: ['postgresql-common'],
  cves: ['CVE-2016-1255', 'CVE-2017-8806', 'CVE-2019-3466'],
  because:
    'the fix is 210 of the source, installed is 248+deb12u1; oscap compares the version of the binary, 15+248+deb12u1',
  record: 'DEBIAN-CVE-2019-3466',
};

const announced = { host: workstation, data: 'Debian', ecosystem: 'Debian:12' } as const;
const tracked = { host: workstation, data: 'Debian-2025-02-12', ecosystem: 'Debian:12' } as const;
const file = (folder: string, answer: string): string => `${folder}/debian12-workstation.${answer}.txt`;
const debsecan = 'debsecan 0.4.20.1';
const oscap = 'oscap 1.3.7, binary names';

/** Every answer that Assay is measured by. What differs and is not explained here is a fault. */
export const oracles: readonly Oracle[] = [
  { ...announced, tool: debsecan, file: file('advisories', 'debsecan'), names: 'BINARY', explanations: [] },
  { ...announced, tool: debsecan, file: file('advisories', 'cve-source'), names: 'SOURCE', explanations: [] },
  { ...announced, tool: oscap, file: file('advisories', 'oscap-binary-names'), names: 'SOURCE', explanations: [] },
  {
    ...tracked,
    tool: debsecan,
    file: file('tracker', 'debsecan'),
    names: 'BINARY',
    explanations: [kernel(['linux-libc-dev', 'linux-perf']), nodejs],
  },
  {
    ...tracked,
    tool: debsecan,
    file: file('tracker', 'cve-source'),
    names: 'SOURCE',
    explanations: [kernel(['linux']), nodejs],
  },
  {
    ...tracked,
    tool: oscap,
    file: file('tracker', 'oscap-binary-names'),
    names: 'SOURCE',
    explanations: [kernel(['linux']), nodejs, postgresql],
  },
  {
    host: alpine,
    data: 'Alpine',
    ecosystem: 'Alpine:v3.10',
    tool: 'apk-tools 3',
    file: 'alpine-3.10.4.expected.txt',
    names: 'BINARY',
    explanations: [],
  },
];
