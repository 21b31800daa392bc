import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });

/** Addresses of the target and of who sends to it. Every source is an address of the sender's interface. */
export const target = { v4: '203.0.113.10', v6: '2001:db8:1::10', other: '203.0.113.11' } as const;
export const sources = {
  v4: ['203.0.113.1', '198.51.100.7', '198.51.100.20', '192.0.2.130', '10.20.0.5', '10.20.1.9'],
  v6: ['2001:db8:1::1', '2001:db8:2::7', '2001:db8:2:1::9', 'fd00:1::5'],
} as const;
/** A network behind the target, where nothing answers: packets that are sent on leave by it. */
export const behind = { v4: '10.99.0.2', v6: 'fd00:99::2' } as const;

/** Bridges to containers and virtual machines, by their network's first bytes. */
const bridges = { docker0: '172.17.0', cni0: '10.244.0', virbr0: '192.168.122' } as const;

export interface Namespaces {
  readonly target: string;
  readonly sender: string;
}

/** Why no network namespaces can be made here; undefined where they can. */
export function whyNoNamespaces(): string | undefined {
  if (process.geteuid?.() !== 0) return 'not root';
  const name = `assay-try-${process.pid}`;
  try {
    run('ip', 'netns', 'add', name);
    run('ip', 'netns', 'exec', name, 'nft', 'list', 'ruleset');
    return undefined;
  } catch (error) {
    return `no network namespace with nft: ${String(error).split('\n')[0]}`;
  } finally {
    try {
      run('ip', 'netns', 'del', name);
    } catch {}
  }
}

/** Two namespaces and a wire between them; both are removed when the test is over. */
export function makeNamespaces(): Namespaces {
  const id = `${process.pid.toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
  const names = { target: `assay-t-${id}`, sender: `assay-s-${id}` };
  onTestFinished(() => {
    for (const name of Object.values(names)) {
      try {
        run('ip', 'netns', 'del', name);
      } catch {}
    }
  });
  for (const name of Object.values(names)) {
    run('ip', 'netns', 'add', name);
    run('ip', '-n', name, 'link', 'set', 'lo', 'up');
  }
  const inTarget = (...args: string[]) => run('ip', '-n', names.target, ...args);
  const inSender = (...args: string[]) => run('ip', '-n', names.sender, ...args);
  inTarget(
    'link',
    'add',
    'wan0',
    'address',
    '02:00:00:00:00:01',
    'type',
    'veth',
    'peer',
    'name',
    'wan1',
    'netns',
    names.sender,
  );
  inTarget('link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'lan1', 'netns', names.sender);
  inSender('link', 'set', 'wan1', 'address', '02:00:00:00:00:02');
  inTarget('addr', 'add', `${target.v4}/24`, 'dev', 'wan0');
  inTarget('addr', 'add', `${target.other}/24`, 'dev', 'wan0');
  inTarget('addr', 'add', `${target.v6}/64`, 'dev', 'wan0', 'nodad');
  inTarget('addr', 'add', '10.99.0.1/24', 'dev', 'lan0');
  inTarget('addr', 'add', 'fd00:99::1/64', 'dev', 'lan0', 'nodad');
  for (const address of sources.v4)
    inSender('addr', 'add', `${address}/${address.startsWith('203') ? 24 : 32}`, 'dev', 'wan1');
  for (const address of sources.v6)
    inSender('addr', 'add', `${address}/${address.startsWith('2001:db8:1:') ? 64 : 128}`, 'dev', 'wan1', 'nodad');
  for (const [bridge, address] of Object.entries(bridges)) {
    inTarget('link', 'add', bridge, 'type', 'veth', 'peer', 'name', `${bridge}p`, 'netns', names.sender);
    inSender('link', 'set', `${bridge}p`, 'up');
    inTarget('addr', 'add', `${address}.1/24`, 'dev', bridge);
    inTarget('link', 'set', bridge, 'up');
    inTarget('neigh', 'replace', `${address}.2`, 'lladdr', '02:00:00:00:00:04', 'dev', bridge, 'nud', 'permanent');
  }
  inTarget('link', 'set', 'wan0', 'group', '7');
  for (const device of ['wan0', 'lan0']) inTarget('link', 'set', device, 'up');
  for (const device of ['wan1', 'lan1']) inSender('link', 'set', device, 'up');
  inTarget('route', 'add', 'default', 'dev', 'wan0');
  inTarget('-6', 'route', 'add', 'default', 'dev', 'wan0');
  const neighbour = (where: typeof inTarget, device: string, address: string, mac: string) =>
    where('neigh', 'replace', address, 'lladdr', mac, 'dev', device, 'nud', 'permanent');
  for (const address of [target.v4, target.other, target.v6]) neighbour(inSender, 'wan1', address, '02:00:00:00:00:01');
  for (const address of [...sources.v4, ...sources.v6]) neighbour(inTarget, 'wan0', address, '02:00:00:00:00:02');
  for (const address of Object.values(behind)) neighbour(inTarget, 'lan0', address, '02:00:00:00:00:03');
  run(
    'ip',
    'netns',
    'exec',
    names.target,
    'sysctl',
    '-qw',
    'net.ipv4.ip_forward=1',
    'net.ipv6.conf.all.forwarding=1',
    'net.ipv4.icmp_ratelimit=0',
    // What the connections of one pass leave behind is gone before their ports come up again.
    ...[
      'tcp_timeout_syn_sent',
      'tcp_timeout_close',
      'tcp_timeout_established',
      'udp_timeout',
      'udp_timeout_stream',
    ].map((name) => `net.netfilter.nf_conntrack_${name}=5`),
  );
  return names;
}
