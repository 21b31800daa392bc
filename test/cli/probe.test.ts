import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { portsOption } from '../../packages/server/src/cli/probe/ports-option.ts';
import { errorOf, rawRequest } from '../support/raw-request.ts';
import { addHost } from '../support/scenario.ts';
import { testAccount } from '../support/test-server.ts';
import { useServer } from '../support/use-server.ts';
import { runAssay } from './run-assay.ts';

const server = useServer();
const arn = (id: string): string => `arn:aws:assay:us-east-1:${testAccount}:host/${id}`;

test('assay probe connects to the hosts that enrolled, and what it saw is kept', async () => {
  const open = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => open.listen(0, '127.0.0.1', done));
  onTestFinished(() => void open.close());
  const { port } = open.address() as { port: number };
  const gone = createServer();
  await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
  const { port: refused } = gone.address() as { port: number };
  await new Promise((done) => gone.close(done));
  const { id, hostname } = await addHost(server(), { hostname: 'probed', ipv4Address: '127.0.0.1' });
  await addHost(server(), { hostname: 'nowhere', ipv4Address: null });
  const ports = [port, refused].join();
  const args = ['probe', '--ports', ports, '--vantage', 'test', '--json', '--data-dir', server().directory];
  const { status, stdout, stderr } = await runAssay(args);
  expect({ status, stderr: stderr.split('\n')[0] }).toEqual({
    status: 0,
    stderr: 'Not probed: 1 of 2 hosts have reported no address.',
  });
  expect(JSON.parse(stdout)).toMatchObject([{ address: '127.0.0.1', connected: [port], refused: [refused] }]);
  const { body } = await rawRequest(server(), 'DescribeProbes', { hostArns: [arn(id)] });
  expect(body).toMatchObject({
    probes: [
      { hostArn: arn(id), zone: 'internet', vantage: 'test', connected: [port], refused: [refused], silent: [] },
    ],
  });
  expect(await runAssay(['probe', hostname, '--zone', 'moon', '--data-dir', server().directory])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('There is no zone moon'),
  });
});

test('what is no probe of an enrolled host is refused', async () => {
  const { id } = await addHost(server());
  const lists = { connected: [22], refused: [], silent: [] };
  const record = async (change: object) => {
    const probe = { hostArn: arn(id), address: '192.0.2.1', zone: 'internet', ...lists, ...change };
    return errorOf(await rawRequest(server(), 'RecordProbes', { vantage: 'lab', probes: [probe] }));
  };
  const invalid = 'InvalidInputException INVALID_MEMBER';
  expect(await record({ hostArn: arn('i-0123456789abcdef0') })).toBe('NoSuchEntityException HOST_DOES_NOT_EXIST');
  expect(await record({ zone: 'moon' })).toBe(invalid);
  expect(await record({ address: 'example.org' })).toBe(invalid);
  expect(await record({ silent: [22] })).toBe(invalid);
  expect(await record({ connected: [] })).toBe(invalid);
  expect(await record({ connected: [65_536] })).toBe(invalid);
});

test('ports are named one by one or as ranges', () => {
  expect(portsOption('80,22,8000-8002,22')).toEqual([22, 80, 8000, 8001, 8002]);
  for (const wrong of ['', '0', '70000', '90-80', 'ssh', '1-5000']) expect(() => portsOption(wrong)).toThrow();
});
