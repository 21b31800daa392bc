import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { expect, test } from 'vitest';
import { hostOf, installed, record as osvRecord, verdictsOf } from './hosts.ts';

type Os = Partial<EvidenceData<'osRelease'>>;

const record = (id: string, ecosystem: string, name: string, fixed: string): object =>
  osvRecord(id, [{ ecosystem, name, fixed }], { related: ['CVE-2026-1000'], upstream: [] });

const found = async (os: Os, osv: object, line: string): Promise<string[]> => {
  const manager = os.id === 'wolfi' || os.id === 'chainguard' ? 'apk' : 'rpm';
  const verdicts = await verdictsOf(hostOf(installed(line), { os, manager }), [osv]);
  return verdicts.flatMap((verdict) => (verdict.outcome === 'FINDING' ? [verdict.ruleId] : []));
};

test.each<[string, Os, object, affected: string, fixed: string]>([
  [
    'Wolfi',
    { id: 'wolfi', versionId: '20230201' },
    record('CGA-2222-2222-2222', 'Wolfi', 'git', '2.45.1-r1'),
    'git-daemon 2.45.1-r0 < git 2.45.1-r0',
    'git-daemon 2.45.1-r1 < git 2.45.1-r1',
  ],
  [
    'Chainguard',
    { id: 'chainguard', versionId: '20230214' },
    record('CGA-2222-2222-2222', 'Chainguard', 'git', '2.45.1-r1'),
    'git 2.45.1-r0',
    'git 2.45.1-r2',
  ],
  [
    'Azure Linux 3',
    { id: 'azurelinux', versionId: '3.0' },
    record('AZL-1', 'Azure Linux:3', 'openssl', '3.3.2-2'),
    'openssl-libs 3.3.2-1.azl3 < openssl 3.3.2-1.azl3',
    'openssl-libs 3.3.2-2.azl3 < openssl 3.3.2-2.azl3',
  ],
  [
    'CBL-Mariner 2',
    { id: 'mariner', versionId: '2.0' },
    record('AZL-1', 'Azure Linux:2', 'openssl', '1.1.1k-30'),
    'openssl 1.1.1k-29.cm2',
    'openssl 1.1.1k-30.cm2',
  ],
  [
    'Photon, with an epoch that its records leave out',
    { id: 'photon', versionId: '5.0' },
    record('PHOTON-CVE-2026-1000', 'Photon OS:5.0', 'curl', '8.16.0-1.ph5'),
    'curl-libs 1:8.15.0-1.ph5 < curl 8.15.0-1.ph5',
    'curl-libs 1:8.16.0-1.ph5 < curl 8.16.0-1.ph5',
  ],
  [
    'openEuler, by its service pack',
    { id: 'openEuler', versionId: '24.03', prettyName: 'openEuler 24.03 (LTS-SP1)' },
    osvRecord(
      'OESA-2026-1001',
      [{ ecosystem: 'openEuler:24.03-LTS-SP1', name: 'dnsmasq', fixed: '2.82-5.oe2403sp1' }],
      { upstream: ['CVE-2026-1000'] },
    ),
    'dnsmasq 2.82-4.oe2403sp1',
    'dnsmasq 2.82-5.oe2403sp1',
  ],
])('%s', async (_, os, osv, affected, fixed) => {
  expect(await found(os, osv, affected)).toEqual(['CVE-2026-1000']);
  expect(await found(os, osv, fixed)).toEqual([]);
});

test('another service pack of openEuler says nothing of this one', async () => {
  const os = { id: 'openEuler', versionId: '24.03', prettyName: 'openEuler 24.03 (LTS)' };
  const other = osvRecord(
    'OESA-2026-1001',
    [{ ecosystem: 'openEuler:24.03-LTS-SP1', name: 'dnsmasq', fixed: '2.82-5.oe2403sp1' }],
    { upstream: ['CVE-2026-1000'] },
  );
  expect(await verdictsOf(hostOf(installed('dnsmasq 2.82-4.oe2403'), { os }), [other])).toContainEqual(
    expect.objectContaining({ ruleId: 'Advisories of the release', outcome: 'NOT_ASSESSED' }),
  );
});
