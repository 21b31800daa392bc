import { expect, test } from 'vitest';
import { parseOsv } from '../../../packages/server/src/feeds/osv/parse-osv.ts';

type Event = Readonly<Record<string, string>>;

/** What becomes of a record of one package: why its entry was refused, and the package that this is said of. */
function readingOf(ecosystem: string, name: string, events: readonly Event[]) {
  const outcome = parseOsv(
    {
      id: ecosystem.startsWith('Alpine') ? 'ALPINE-CVE-2024-1000' : 'ALSA-2024:1',
      modified: '2026-01-01T00:00:00Z',
      related: ['CVE-2024-1000'],
      affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    },
    'x',
  );
  if (!('item' in outcome) || outcome.item.kind !== 'advisory') throw new Error(JSON.stringify(outcome));
  const [entry] = outcome.item.advisory.entries;
  return { reasons: outcome.unreadable ?? [], package: entry?.affected.package, why: entry?.affected.unreadable };
}

const [introduced, fixed, lastAffected] = ['introduced', 'fixed', 'last_affected'].map(
  (key) =>
    (version: string): Event => ({ [key]: version }),
) as [(version: string) => Event, (version: string) => Event, (version: string) => Event];
const upTo = (version: string): Event[] => [introduced('0'), fixed(version)];

test.each<[string, string, Event[], string]>([
  [
    'AlmaLinux:9',
    'openssh',
    [introduced('9.0-1.el9'), fixed('8.7p1-38.el9')],
    'its range ends at 8.7p1-38.el9 before it begins',
  ],
  [
    'AlmaLinux:9',
    'openssh',
    [introduced('1:2-1.el9'), lastAffected('3-1.el9')],
    'its range ends at 3-1.el9 before it begins',
  ],
  ['Debian:12', 'bash', [introduced('1:5.2-1'), fixed('5.2.15-3')], 'its range ends at 5.2.15-3 before it begins'],
  [
    'Debian:12',
    'bash',
    [introduced('5.2-1'), fixed('5.2-1~deb12u1')],
    'its range ends at 5.2-1~deb12u1 before it begins',
  ],
  [
    'SUSE:Linux Enterprise Server 15 SP5',
    'bash',
    [fixed('5-1'), introduced('6-1')],
    'its range ends at 5-1 before it begins',
  ],
  ['Ubuntu:24.04:LTS', 'bash', [introduced('5-1'), fixed('5-1')], 'its range ends at 5-1, where it begins'],
  [
    'Rocky Linux:9',
    'bash',
    [...upTo('5-1.el9'), introduced('4-1.el9'), fixed('4.5-1.el9')],
    'its range begins twice, at 0 and 4-1.el9',
  ],
  ['Rocky Linux:9', 'bash', [...upTo('5-1.el9'), fixed('6-1.el9')], 'its range ends twice, at 5-1.el9 and 6-1.el9'],
  ['AlmaLinux:8', 'perl', upTo('virt-devel:rhel'), 'a fix is no version'],
  ['Red Hat:enterprise_linux:8::appstream', 'nodejs', upTo('nodejs:18'), 'a fix is no version'],
  ['Amazon Linux:2', 'perl', upTo('rhel8'), 'a fix is no version'],
  ['Debian:12', 'bash', upTo('bookworm'), 'a fix is no version'],
  ['Alpine:v3.20', 'perl', upTo('edge'), 'a fix is no version'],
])('%s, %s %j: %s', (ecosystem, name, events, reason) => {
  expect(readingOf(ecosystem, name, events)).toEqual({
    reasons: [expect.stringContaining(reason)],
    package: name,
    why: expect.stringContaining(reason),
  });
});

test.each<[string, string, string]>([
  ['AlmaLinux:9', 'openssh-8.7p1-38.el9.x86_64.rpm', 'openssh'],
  ['Red Hat:enterprise_linux:8::appstream', 'SLOF-20210217-2.module+el8.10.0+20141+6faa2812.src.rpm', 'SLOF'],
  ['AlmaLinux:9', 'Packages/b/bash-completion-2.11-5.el9.noarch.rpm', 'bash-completion'],
  ['AlmaLinux:9', 'bash.rpm', 'bash.rpm'],
  ['Debian:12', 'libssl3_3.0.9-1_amd64.deb', 'libssl3'],
  ['Alpine:v3.20', 'perl-5.26.3-r0.apk', 'perl'],
])('%s: a package that is named as a file, %s, is refused and said of %s', (ecosystem, name, of) => {
  expect(readingOf(ecosystem, name, upTo('5-1'))).toEqual({
    reasons: [expect.stringContaining('its package is named as a file')],
    package: of,
    why: 'its package is named as a file',
  });
});

test.each<[string, string, Event[]]>([
  ['AlmaLinux:8', 'lshw', upTo('B.02.19.2-6.el8')],
  ['AlmaLinux:8', 'nodejs', upTo('1:18.20.1-1.module_el8+1+a')],
  [
    'AlmaLinux:9',
    'kernel',
    [introduced('5.14.0-1.el9'), fixed('5.14.0-70.el9'), introduced('5.14.0-200.el9'), fixed('5.14.0-300.el9')],
  ],
  [
    'AlmaLinux:9',
    'kernel',
    [introduced('5.14.0-200.el9'), introduced('5.14.0-1.el9'), fixed('5.14.0-300.el9'), fixed('5.14.0-70.el9')],
  ],
  ['Debian:12', 'bash', [introduced('5.2-1'), lastAffected('5.2-1')]],
  ['Debian:12', 'bash', [introduced('5.2-1')]],
  ['Debian:12', 'bash', [introduced('0'), fixed('0')]],
  ['Alpine:v3.20', 'icu', upTo('57-1-r2')],
  // What OSV.dev's converter writes as the beginning for Alpine is not believed.
  ['Alpine:v3.20', 'perl', [introduced('5.28.0'), fixed('5.26.3-r0')]],
])('%s, %s %j is read', (ecosystem, name, events) => {
  expect(readingOf(ecosystem, name, events)).toEqual({ reasons: [], package: name, why: undefined });
});
