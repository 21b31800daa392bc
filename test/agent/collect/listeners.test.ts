import { createServer } from 'node:net';
import { collect } from '@assay/agent/collect.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (local: string, state: string, uid: number, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 ${uid} 0 ${inode} 1 0 100 0 0 10 0\n`;
const TABLES = {
  'proc/net/tcp': `${HEAD}${row('0100007F:1538', '0A', 107, 11)}${row('00000000:0016', '0A', 0, 12)}${row('00000000:0050', '01', 0, 99)}`,
  'proc/net/tcp6': `${HEAD}${row('00000000000000000000000000000000:0016', '0A', 0, 13)}${row('B80D0120000000000000000001000000:01BB', '0A', 33, 14)}`,
  'proc/net/udp': `${HEAD}${row('00000000:0044', '07', 0, 15)}${row('0100007F:9999', '01', 0, 98)}`,
};
const process = (pid: number, comm: string, inodes: readonly number[]) => ({
  [`proc/${pid}/comm`]: `${comm}\n`,
  [`proc/${pid}/exe`]: { link: `/usr/sbin/${comm}` },
  [`proc/${pid}/fd/0`]: { link: '/dev/null' },
  ...Object.fromEntries(inodes.map((inode, index) => [`proc/${pid}/fd/${index + 3}`, { link: `socket:[${inode}]` }])),
});

// The tables are in the byte order of the host that reads them: these are little-endian, as all but s390x.
test('lists sockets that wait, with the process that holds them', async () => {
  const host = fixtureHost(
    {
      ...TABLES,
      ...process(1, 'systemd', [12, 13]),
      ...process(200, 'sshd', [12, 13]),
      ...process(1000, 'nginx', [14]),
      ...process(99, 'nginx', [14]),
      ...process(300, 'postgres', [11, 15]),
    },
    () => ({}),
  );
  const document = await collectChecked('listeners', host);
  const lines = document.data?.listeners.map(({ protocol, family, address, port, uid, process: owner }) =>
    [protocol, family, address, port, uid, owner?.pid, owner?.name, owner?.executable].join(' '),
  );
  expect(lines).toEqual([
    'TCP IPv4 127.0.0.1 5432 107 300 postgres /usr/sbin/postgres',
    'TCP IPv4 0.0.0.0 22 0 200 sshd /usr/sbin/sshd',
    'TCP IPv6 :: 22 0 200 sshd /usr/sbin/sshd',
    'TCP IPv6 2001:db8::1 443 33 99 nginx /usr/sbin/nginx',
    'UDP IPv4 0.0.0.0 68 0 300 postgres /usr/sbin/postgres',
  ]);
  expect(document.limitations).toEqual([]);
});

test('sockets without a process, lines without sense and what ss would tell are said once each', async () => {
  const host = fixtureHost({
    ...TABLES,
    'proc/net/tcp': `${TABLES['proc/net/tcp']}nonsense\n   1: 0100007F:XXXX 0 0A\n`,
    ...process(1, 'init', []),
    ...process(2, 'web', [77]),
    'proc/self/ns/net': { link: 'net:[1]' },
    'proc/1/ns/net': { link: 'net:[1]' },
    'proc/2/ns/net': { link: 'net:[2]' },
  });
  const document = await collectChecked('listeners', host);
  expect(document.data?.listeners).toHaveLength(5);
  expect(codes(document)).toEqual(['UNREADABLE /proc/net/tcp', 'UNSUPPORTED ss -Hlntue', 'NOT_PRESENT /proc/*/fd']);
});

test('what netlink alone tells, and the sockets and addresses of other network namespaces', async () => {
  const ss = [
    'tcp LISTEN 0 128 *:22 *:* ino:13 sk:1 cgroup:/ v6only:0 <->',
    'tcp LISTEN 0 128 [2001:db8::1]%eth0:443 [::]:* uid:33 ino:14 sk:2 cgroup:/ v6only:1 <->',
    'udp UNCONN 0 0 0.0.0.0%lan0:68 0.0.0.0:* ino:15 sk:3 cgroup:/ <->',
  ].join('\n');
  const trie =
    'Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 172.17.0.2\n        /32 host LOCAL\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 172.17.0.0\n        /16 link UNICAST\n';
  const host = fixtureHost(
    {
      ...TABLES,
      ...process(1, 'init', [11, 12, 13, 14, 15]),
      ...process(2, 'web', [77]),
      'proc/self/ns/net': { link: 'net:[1]' },
      'proc/1/ns/net': { link: 'net:[1]' },
      'proc/2/ns/net': { link: 'net:[2]' },
      'proc/2/net/tcp': `${HEAD}${row('00000000:0050', '0A', 33, 77)}`,
      'proc/2/net/fib_trie': trie,
      'proc/2/net/if_inet6': 'fd000000000000000000000000000002 02 40 00 80     eth0\n',
    },
    (command) => (command === 'ss' ? { stdout: ss } : {}),
  );
  const document = await collectChecked('listeners', host);
  const of = (port: number, protocol = 'TCP') =>
    document.data?.listeners.filter((each) => each.port === port && each.protocol === protocol);
  expect(of(22)).toMatchObject([{ family: 'IPv4' }, { family: 'IPv6', v6only: false }]);
  expect(of(443)).toMatchObject([{ device: 'eth0', v6only: true }]);
  expect(of(68, 'UDP')).toMatchObject([{ device: 'lan0' }]);
  expect(of(80)).toMatchObject([{ networkNamespace: 'net:[2]', process: { name: 'web' } }]);
  expect(document.data?.namespaces).toEqual([{ name: 'net:[2]', addresses: ['172.17.0.2', 'fd00::2'] }]);
  expect(document.limitations).toEqual([]);
});

test('a root without /proc has none', async () => {
  const document = await collectChecked('listeners', fixtureHost({}));
  expect(document.data).toBeUndefined();
  expect(codes(document)).toEqual(['NOT_PRESENT /proc/net/tcp', 'NOT_PRESENT /proc/net/udp']);
});

test('finds a server of this very process', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const document = await collect('listeners', await openHost());
  server.close();
  const own = document.data?.listeners.find(
    ({ port: on, protocol, address: at }) => on === port && protocol === 'TCP' && at === '127.0.0.1',
  );
  expect(own).toMatchObject({
    family: 'IPv4',
    address: '127.0.0.1',
    process: { pid: globalThis.process.pid, executable: globalThis.process.execPath },
  });
});
