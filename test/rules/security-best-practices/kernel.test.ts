import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { denied, host, kernel, rule, said, verdict } from './hosts.ts';

type Kernel = EvidenceData<'kernel'>;
const container: EvidenceData<'osRelease'> = {
  id: 'debian',
  idLike: [],
  hostname: 'c',
  architecture: 'x86_64',
  container: '/.dockerenv',
};
const aslr = (change: Partial<Kernel>) => verdict(host({ kernel: { ...kernel, ...change } }), rule.aslr);
const dep = (change: Partial<Kernel>) => verdict(host({ kernel: { ...kernel, ...change } }), rule.dep);

describe('ASLR', () => {
  test.each<[string, Partial<Kernel>, string]>([
    ['2', {}, 'PASSED'],
    ['1: the heap is not moved', { randomizeVaSpace: 1 }, 'FINDING'],
    ['0', { randomizeVaSpace: 0 }, 'FINDING'],
    ['norandmaps', { commandLine: 'ro norandmaps quiet' }, 'FINDING'],
    ['norandmaps for init', { commandLine: 'ro quiet -- norandmaps' }, 'PASSED'],
    ['a like word', { commandLine: 'ro norandmaps2 xnorandmaps' }, 'PASSED'],
    ['2 without a command line', { commandLine: undefined }, 'PASSED'],
    ['nothing known', { randomizeVaSpace: undefined }, 'NOT_ASSESSED'],
    ['nothing known but norandmaps', { randomizeVaSpace: undefined, commandLine: 'norandmaps' }, 'FINDING'],
  ])('%s', (_, change, outcome) => {
    expect(aslr(change).outcome).toBe(outcome);
  });

  test('says what was seen', () => {
    expect(said(aslr({ randomizeVaSpace: 1, commandLine: 'norandmaps' }))).toContain(
      '/proc/sys/kernel/randomize_va_space is 1, and the kernel was started with norandmaps (/proc/cmdline)',
    );
  });

  test('says what the next start may bring', () => {
    const configuredAslr = [
      { source: '/etc/sysctl.d/60.conf:1', value: '0' },
      { source: '/etc/sysctl.conf:3', value: '2' },
    ];
    const passed = aslr({ configuredAslr });
    expect(passed.outcome).toBe('PASSED');
    expect(passed.observations.filter(({ source }) => source.includes('sysctl'))).toEqual([
      {
        source: '/etc/sysctl.d/60.conf:1',
        observed: 'kernel.randomize_va_space = 0, which may hold after the next start',
        expected: '2',
      },
    ]);
  });

  test('why it could not be seen', () => {
    const path = '/proc/sys/kernel/randomize_va_space';
    const evidence = host({ kernel: { ...kernel, randomizeVaSpace: undefined } }, { kernel: [denied(path)] });
    expect(said(verdict(evidence, rule.aslr))).toContain(`${path}: PERMISSION_DENIED`);
  });
});

describe('DEP', () => {
  test.each<[string, Partial<Kernel>, string]>([
    ['nx', {}, 'PASSED'],
    ['no nx', { cpuFlags: ['fpu vme nxt'] }, 'FINDING'],
    ['one processor without nx', { cpuFlags: ['fpu nx', 'fpu'] }, 'FINDING'],
    ['noexec=off', { commandLine: 'ro noexec=off' }, 'FINDING'],
    ['noexec32=off', { commandLine: 'ro noexec32=off' }, 'FINDING'],
    ['noexec=on', { commandLine: 'ro noexec=on' }, 'PASSED'],
    ['an executable stack', { stackPermissions: 'rwxp' }, 'FINDING'],
    ['no flags known', { cpuFlags: undefined }, 'NOT_ASSESSED'],
    ['no flags known, noexec=off', { cpuFlags: [], commandLine: 'noexec=off' }, 'FINDING'],
    ['only the flags known', { commandLine: undefined, stackPermissions: undefined }, 'NOT_ASSESSED'],
    ['flags and stack known', { commandLine: undefined }, 'PASSED'],
    ['32-bit x86', { architecture: 'i686', cpuFlags: ['fpu'] }, 'FINDING'],
    ['ARM', { architecture: 'aarch64', cpuFlags: ['fp asimd'] }, 'NOT_APPLICABLE'],
    ['32-bit ARM', { architecture: 'armv7l', cpuFlags: [] }, 'NOT_APPLICABLE'],
    ['another architecture', { architecture: 's390x', cpuFlags: [] }, 'NOT_ASSESSED'],
  ])('%s', (_, change, outcome) => {
    expect(dep(change).outcome).toBe(outcome);
  });
});

test('in a container both rules say that the kernel is the host machine’s', () => {
  const weak = { ...kernel, randomizeVaSpace: 0, cpuFlags: ['fpu'] };
  for (const id of [rule.aslr, rule.dep]) {
    const inside = verdict(host({ kernel: weak, osRelease: container }), id);
    expect(said(inside)).toContain('This host is a container');
    expect(said(verdict(host({ kernel: weak }), id))).not.toContain('container');
    const passed = verdict(host({ kernel, osRelease: container }), id);
    expect(passed.outcome).toBe('PASSED');
    expect(JSON.stringify(passed.observations)).toContain('This host is a container');
  }
});
