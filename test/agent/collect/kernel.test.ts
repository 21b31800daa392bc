import { expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

const PROC = {
  'proc/sys/kernel/osrelease': '6.1.0-18-amd64\n',
  'proc/sys/kernel/version': '#1 SMP Debian 6.1.76-1\n',
  'proc/sys/kernel/arch': 'x86_64\n',
  'proc/sys/kernel/randomize_va_space': '2\n',
  'proc/cmdline': 'quiet noexec=off\n',
  'proc/cpuinfo': 'processor\t: 0\nflags\t\t: fpu nx\nvmx flags\t: ept\n\nprocessor\t: 1\nflags\t\t: fpu nx\n',
  'proc/self/maps': '7ffd-7ffe rw-p 00000000 00:00 0    [stack]\n7fff-8000 r-xp 00000000 00:00 0    [vdso]\n',
};

test('reads what the kernel says of itself', async () => {
  const document = await collectChecked('kernel', fixtureHost(PROC));
  expect(document.data).toEqual({
    release: '6.1.0-18-amd64',
    version: '#1 SMP Debian 6.1.76-1',
    architecture: 'x86_64',
    commandLine: 'quiet noexec=off',
    randomizeVaSpace: 2,
    cpuFlags: ['fpu nx'],
    configuredAslr: [],
    stackPermissions: 'rw-p',
  });
  expect(document.limitations).toEqual([]);
});

test('a root without a running kernel has none', async () => {
  const document = await collectChecked('kernel', fixtureHost({}));
  expect(document.data).toBeUndefined();
  expect(codes(document)).toEqual(['NOT_PRESENT /proc/sys/kernel/osrelease']);
});

test('parts that are missing, strange or too long are said, and cut to what a document takes', async () => {
  const host = fixtureHost({
    ...PROC,
    'proc/sys/kernel/randomize_va_space': 'two\n',
    'proc/cmdline': 'x'.repeat(5000),
    'proc/cpuinfo': `Features\t: ${'f'.repeat(9000)}\nFeatures\t: asimd\n`,
    'proc/self/maps': '',
  });
  const document = await collectChecked('kernel', host);
  expect(document.data?.commandLine).toHaveLength(4096);
  expect(document.data?.cpuFlags?.map((flags) => flags.length)).toEqual([8192, 5]);
  expect(document.data).not.toHaveProperty('randomizeVaSpace');
  expect(codes(document)).toEqual([
    'TOO_LARGE /proc/cmdline',
    'UNREADABLE /proc/sys/kernel/randomize_va_space',
    'TOO_LARGE /proc/cpuinfo',
    'UNREADABLE /proc/self/maps',
  ]);
});

test('what sysctl sets at the next start is read with its lines', async () => {
  const host = fixtureHost({
    ...PROC,
    'etc/sysctl.conf': '# kernel.randomize_va_space = 1\nkernel.randomize_va_space = 2\n',
    'etc/sysctl.d/60-a.conf': 'net.ipv4.ip_forward = 1\n-kernel/randomize_va_space=0\n',
    'etc/sysctl.d/70-b.conf.off': 'kernel.randomize_va_space = 0\n',
  });
  expect((await collectChecked('kernel', host)).data?.configuredAslr).toEqual([
    { source: '/etc/sysctl.conf:2', value: '2' },
    { source: '/etc/sysctl.d/60-a.conf:2', value: '0' },
  ]);
});
