import type {
  ExportedExclusion,
  ExportedFinding,
  ExportedHost,
  Vulnerability,
} from '../../../packages/server/src/cli/exports/exported.ts';

const run = 'arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc';
const scope = { account: '123456789012', region: 'us-east-1' } as const;

export const host: ExportedHost = {
  arn: 'arn:aws:assay:us-east-1:123456789012:host/i-0123456789abcdef0',
  agentId: 'i-0123456789abcdef0',
  hostname: 'web-1',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
};

/** A rule that a host fails. */
export const ruleFinding = (change: Partial<ExportedFinding>): ExportedFinding => ({
  kind: 'finding',
  arn: `${run}/finding/0-00000001`,
  runArn: run,
  ...scope,
  host,
  rulesPackageArn: 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q',
  rulesPackage: 'Security Best Practices',
  rule: 'Disable root login over SSH',
  title: 'Root may log in',
  description: 'PermitRootLogin is yes',
  recommendation: 'Set it to no',
  severity: 'Medium',
  benchmark: false,
  createdAt: '2026-11-30T12:00:00.000Z',
  updatedAt: '2026-11-30T12:00:00.000Z',
  ...change,
});

export const cveFinding = ({
  id = 'CVE-2026-0001',
  state = 'FIX_AVAILABLE',
  packages = [{ name: 'libssl3', installed: '3.0.1-1', fixed: '3.0.2-1' }],
  ...change
}: Partial<Vulnerability & ExportedFinding>): ExportedFinding => ({
  ...ruleFinding({ rule: id, severity: 'High', title: `On web-1, ${id} affects libssl3` }),
  arn: `${run}/finding/0-${id.slice(-8).replace('-', '0')}`,
  rulesPackageArn: 'arn:aws:inspector:us-east-1:316112463485:rulespackage/0-gEjTy7T7',
  rulesPackage: 'Common Vulnerabilities and Exposures',
  vulnerability: {
    id,
    state,
    packages,
    advisories: [`DEBIAN-${id}`],
    cvss: [
      { version: '3.1', score: 9.8, vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
      { version: '2.0', score: 7.5, vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' },
    ],
    epss: { score: 0.5, percentile: 0.9 },
    knownExploited: true,
  },
  ...change,
});

export const exclusion = (change: Partial<ExportedExclusion>): ExportedExclusion => ({
  kind: 'exclusion',
  arn: `${run}/exclusion/0-00000001`,
  runArn: run,
  ...scope,
  hosts: [host],
  rulesPackages: ['Common Vulnerabilities and Exposures'],
  rules: ['Package nginx'],
  vulnerabilities: ['CVE-2026-0003'],
  title: 'Not covered by the rules package',
  description: 'nginx 1.2: the record could not be read for CVE-2026-0003.',
  recommendation: 'Update the feeds.',
  createdAt: '2026-11-30T12:00:00.000Z',
  ...change,
});
