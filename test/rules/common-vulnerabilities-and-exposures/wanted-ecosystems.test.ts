import { expect, test } from 'vitest';
import { wantedEcosystems } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/wanted-ecosystems.ts';

test.each([
  ['Debian GNU/Linux 12 (bookworm)', ['Debian:12']],
  ['Ubuntu 24.04.1 LTS', ['Ubuntu:24.04:LTS', 'Ubuntu:Pro']],
  ['Alpine Linux v3.24', ['Alpine:v3.24']],
  ['AlmaLinux 9.5 (Teal Serval)', ['AlmaLinux:9']],
  ['Rocky Linux 9.3 (Blue Onyx)', ['Rocky Linux:9']],
  ['Red Hat Enterprise Linux 9.4 (Plow)', ['Red Hat']],
  ['Red Hat Enterprise Linux Server 7.9 (Maipo)', ['Red Hat']],
  ['SUSE Linux Enterprise Server 15 SP5', ['SUSE']],
  ['SUSE Linux Enterprise Server 16.0', ['SUSE']],
  ['SUSE Linux Enterprise Micro 5.5', ['SUSE:Linux Enterprise Micro 5.5']],
  ['openSUSE Leap 15.6', ['openSUSE:Leap 15.6']],
  ['openSUSE Tumbleweed', ['openSUSE:Tumbleweed']],
  ['Amazon Linux 2', ['Amazon Linux:2']],
  ['Amazon Linux 2023.6.20241010', ['Amazon Linux:2023']],
  ['Amazon Linux AMI 2018.03', ['Amazon Linux:1']],
  ['Wolfi', ['Wolfi']],
  ['Chainguard', ['Chainguard']],
  ['Microsoft Azure Linux 3.0', ['Azure Linux:3']],
  ['CBL-Mariner/Linux', ['Azure Linux:2']],
  ['VMware Photon OS/Linux', ['Photon OS']],
  ['openEuler 24.03 (LTS-SP1)', ['openEuler:24.03-LTS-SP1']],
  ['openEuler 23.09', ['openEuler:23.09']],
  ['Debian GNU/Linux trixie/sid', []],
  ['Fedora Linux 41', []],
  ['', []],
])('%s', (system, own) => expect(wantedEcosystems(system).own).toEqual(own));

test('rebuilds of the same sources are asked what a release forgot', () => {
  expect(wantedEcosystems('Rocky Linux 9.3 (Blue Onyx)').siblings).toEqual([
    'AlmaLinux:9',
    'Red Hat:enterprise_linux:9',
    'Oracle Linux:9',
  ]);
});
