import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { peerUser, userIn } from '../../../packages/server/src/runtime/console/peer-user.ts';
import { createSignInLinks, type SignInUse } from '../../../packages/server/src/runtime/console/sign-in-links.ts';

const key = { accessKeyId: 'AKID', secretAccessKey: 'secret', region: 'us-east-1' };
const connection = { remoteAddress: '127.0.0.1', remotePort: 40_000, localPort: 8020 };

/** Links at a time that the test sets, with tokens that differ. */
function links({ ownUser, peer }: { ownUser: number | undefined; peer: number | undefined } = { ownUser: 1, peer: 1 }) {
  const clock = { now: 1_000_000, failing: false };
  let made = 0;
  const random = (size: number): Buffer => createHash('sha256').update(`${made++}`).digest().subarray(0, size);
  const used: SignInUse[] = [];
  const onUse = async (use: SignInUse): Promise<void> => {
    if (clock.failing) throw new Error('The disk is full');
    used.push(use);
  };
  const userOf = async () => peer;
  return { clock, used, ...createSignInLinks({ now: () => clock.now, random, ownUser, userOf, onUse }) };
}

test('a link signs in once', async () => {
  const { issue, redeem } = links();
  const token = issue(key, { ownUserOnly: false });
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await redeem(token, connection)).toEqual(key);
  expect(await redeem(token, connection)).toBeUndefined();
});

test('each use of a link is told, with what came of it; what is no link is not', async () => {
  const { clock, used, issue, redeem } = links({ ownUser: 1, peer: 2 });
  await redeem('A'.repeat(43), connection);
  await redeem(issue(key, { ownUserOnly: false }), connection);
  await redeem(issue(key, { ownUserOnly: true }), connection);
  const old = issue(key, { ownUserOnly: false });
  clock.now += 600_000;
  await redeem(old, connection);
  await redeem(old, connection);
  const use = { accessKeyId: 'AKID', region: 'us-east-1', connection };
  expect(used).toEqual([
    { ...use, refused: undefined },
    { ...use, refused: 'OTHER_USER' },
    { ...use, refused: 'EXPIRED' },
  ]);
});

test('nobody is signed in where the use cannot be told', async () => {
  const { clock, issue, redeem } = links();
  const token = issue(key, { ownUserOnly: false });
  clock.failing = true;
  await expect(redeem(token, connection)).rejects.toThrow('The disk is full');
  clock.failing = false;
  expect(await redeem(token, connection)).toBeUndefined();
});

test('of two that use it at the same time one is signed in', async () => {
  const { issue, redeem } = links();
  const token = issue(key, { ownUserOnly: true });
  const answers = await Promise.all([redeem(token, connection), redeem(token, connection)]);
  expect(answers.filter(Boolean)).toHaveLength(1);
});

test('a link expires, and so do those before it and not those after', async () => {
  const { clock, issue, redeem } = links();
  const old = issue(key, { ownUserOnly: false });
  clock.now += 599_999;
  const young = issue(key, { ownUserOnly: false });
  clock.now += 1;
  expect(await redeem(old, connection)).toBeUndefined();
  expect(await redeem(young, connection)).toEqual(key);
});

test('a token that was not issued is refused, and takes no link with it', async () => {
  const { issue, redeem } = links();
  const token = issue(key, { ownUserOnly: false });
  expect(await redeem('x'.repeat(43), connection)).toBeUndefined();
  expect(await redeem('', connection)).toBeUndefined();
  expect(await redeem(token, connection)).toEqual(key);
});

test('there are never more than sixteen', async () => {
  const { issue, redeem } = links();
  const tokens = Array.from({ length: 17 }, () => issue(key, { ownUserOnly: false }));
  expect(await redeem(tokens[0] ?? '', connection)).toBeUndefined();
  expect(await redeem(tokens[1] ?? '', connection)).toEqual(key);
});

describe('a link that other users of the machine could have seen', () => {
  test.each([
    ['the user that the server runs as', { ownUser: 1000, peer: 1000 }, key],
    ['another user', { ownUser: 1000, peer: 1001 }, undefined],
    ['root', { ownUser: 1000, peer: 0 }, undefined],
    ['a user who is not known', { ownUser: 1000, peer: undefined }, undefined],
    ['anyone, where there are no users', { ownUser: undefined, peer: undefined }, undefined],
  ])('used by %s', async (_, users, answer) => {
    const { issue, redeem } = links(users);
    const token = issue(key, { ownUserOnly: true });
    expect(await redeem(token, connection)).toEqual(answer);
    // It was used, whoever it was: they know it.
    expect(await redeem(token, connection)).toBeUndefined();
  });
});

describe('whose connection it is', () => {
  test.skipIf(!existsSync('/proc/net/tcp'))('is read from the kernel', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    onTestFinished(() => void client.destroy());
    await once(client, 'connect');
    const { localPort = 0 } = client;
    const own = { remoteAddress: '127.0.0.1', remotePort: localPort, localPort: port };
    expect(await peerUser(own)).toBe(process.getuid?.());
    expect(await peerUser({ ...own, remotePort: port })).toBeUndefined();
  });

  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const row = (local: string, remote: string, user: number): string =>
    `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  ${user}        0 1 1\n`;
  const V6 = '00000000000000000000000001000000';
  const MAPPED = '0000000000000000FFFF00000100007F';
  test.each([
    ['IPv4', row('0100007F:9C40', '0100007F:1F54', 1000), 1000],
    ['another address of loopback', row('0200007F:9C40', '0100007F:1F54', 1000), 1000],
    ['IPv6', row(`${V6}:9C40`, `${V6}:1F54`, 1000), 1000],
    ['IPv4 as IPv6', row(`${MAPPED}:9C40`, `${MAPPED}:1F54`, 1000), 1000],
    ['the end of the server itself', row('0100007F:1F54', '0100007F:9C40', 0), undefined],
    ['another machine', row('0A00000A:9C40', '0100007F:1F54', 1000), undefined],
    [
      'two that could be it',
      row('0100007F:9C40', '0100007F:1F54', 1000) + row('0200007F:9C40', '0100007F:1F54', 1001),
      undefined,
    ],
    ['no user', row('0100007F:9C40', '0100007F:1F54', Number.NaN), undefined],
    ['nothing', '', undefined],
    ['nonsense', 'a b c d e\n\n: : : :', undefined],
  ])('in a table with %s', (_, rows, user) => {
    expect(userIn(head + rows, 0x9c40, 0x1f54)).toBe(user);
  });
});
