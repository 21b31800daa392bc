import { networkInterfaces } from 'node:os';
import { collect } from '@assay/agent/collect.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { expect, test } from 'vitest';
import { codes, collectChecked, fixtureHost } from '../fixture-host.ts';

test('sees interfaces that are down or without an address', async () => {
  const host = fixtureHost({
    'sys/devices/virtual/net/lo/flags': '0x9\n',
    'sys/devices/virtual/net/lo/address': '00:00:00:00:00:00\n',
    'sys/class/net/lo': { link: '../../devices/virtual/net/lo' },
    'sys/class/net/eth0/flags': '0x1003\n',
    'sys/class/net/eth0/address': '02:00:00:00:00:01\n',
    'sys/class/net/tun0/flags': '0x1090\n',
    'sys/class/net/bonding_masters': '\n',
  });
  const document = await collectChecked('interfaces', host);
  expect(document.data?.interfaces).toEqual([
    { name: 'eth0', macAddress: '02:00:00:00:00:01', loopback: false, up: true, addresses: [] },
    { name: 'lo', macAddress: '00:00:00:00:00:00', loopback: true, up: true, addresses: [] },
    { name: 'tun0', loopback: false, up: false, addresses: [] },
  ]);
  expect(codes(document)).toEqual(['UNSUPPORTED addresses']);
});

test('gives every address that this host’s kernel tells', async () => {
  const document = await collect('interfaces', await openHost());
  const collected = document.data?.interfaces.flatMap(({ addresses }) =>
    addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
  );
  const told = Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map(({ cidr }) => cidr));
  expect(collected?.sort()).toEqual(told.sort());
});

test('a root without /sys has none', async () => {
  const document = await collectChecked('interfaces', fixtureHost({}));
  expect(document.data).toBeUndefined();
  expect(codes(document)).toEqual(['NOT_PRESENT /sys/class/net', 'UNSUPPORTED addresses']);
});
