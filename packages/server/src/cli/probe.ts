import { hostname } from 'node:os';
import type { AssayInput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { recognizedPorts } from '../domain/recognized-ports.ts';
import { CliError } from '../runtime/cli-error.ts';
import { findHost, type Host, listHosts } from './client/find-host.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { duration } from './options/duration.ts';
import { wholeNumber } from './options/whole-number.ts';
import { connectPorts } from './probe/connect-ports.ts';
import { portsOption } from './probe/ports-option.ts';
import { createProgressBar } from './terminal/progress-bar.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

interface ProbeOptions extends ClientOptions, TableOptions {
  readonly server?: string;
  readonly zone?: string;
  readonly vantage: string;
  readonly ports?: readonly number[];
  readonly rate: number;
  readonly timeout: number;
}
type HostProbe = AssayInput<'RecordProbes'>['probes'][number];

/** Probes of one call. */
const TOGETHER = 50;

export const probeCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('probe')))
    .description('Connect to enrolled hosts from here, and record which TCP ports can be reached')
    .argument('[host...]', 'agent ids or host names (default: every enrolled host)')
    .option('--server <url>', 'as --endpoint: the server that the hosts are enrolled with')
    .option('--zone <name>', 'the zone that this machine is in (default: the first; see assay zones list)')
    .option('--vantage <name>', 'what to call this machine', hostname().slice(0, 60))
    .option('--ports <list>', 'ports such as 22,80,8000-8010 (default: the recognized services)', portsOption)
    .option('--rate <number>', 'connections a second, at most', wholeNumber(1, 1000), 50)
    .option('--timeout <time>', 'how long to wait for an answer', duration, 2000)
    .addHelpText(
      'after',
      '\nNeeds no root: it makes ordinary connections to the addresses that the agents reported, sends nothing, and closes them.',
    )
    .action((named: readonly string[], { server, ...options }: ProbeOptions) => {
      const asked = server === undefined ? options : { ...options, endpoint: server };
      return withClient(asked, async (client) => {
        const { zones } = await client.assay('GetZones', {});
        const zone = options.zone ?? zones[0]?.name ?? '';
        if (!zones.some(({ name }) => name === zone)) {
          throw new CliError(`There is no zone ${zone}: there are ${zones.map(({ name }) => name).join(', ')}.`);
        }
        const hosts: Host[] = [];
        for (const name of named) hosts.push(await findHost(client, name));
        if (named.length === 0) hosts.push(...(await listHosts(client)));
        const addressed = hosts.filter(({ ipv4Address, removedAt }) => ipv4Address && !removedAt);
        const left = hosts.length - addressed.length;
        if (left > 0) process.stderr.write(`Not probed: ${left} of ${hosts.length} hosts have reported no address.\n`);
        const ports = options.ports ?? recognizedPorts('tcp');
        const probes = await probe(addressed, zone, ports, options);
        for (let at = 0; at < probes.length; at += TOGETHER) {
          const some = probes.slice(at, at + TOGETHER);
          await client.assay('RecordProbes', { vantage: options.vantage, probes: some });
        }
        const names = new Map(addressed.map(({ hostArn, hostname: name }) => [hostArn, name]));
        writeTable(process.stdout, options, probes, {
          columns: [
            { name: 'host', title: 'Host', cell: ({ hostArn }) => names.get(hostArn) ?? hostArn },
            { name: 'address', title: 'Address', cell: ({ address }) => address },
            { name: 'connected', title: 'Connected', cell: ({ connected }) => connected.join(', ') || 'none' },
            {
              name: 'refused',
              title: 'Refused',
              cell: ({ refused }) => refused.join(', '),
              show: ({ refused }) => `${refused.length}`,
            },
            {
              name: 'silent',
              title: 'No answer',
              cell: ({ silent }) => silent.join(', '),
              show: ({ silent }) => `${silent.length}`,
            },
          ],
          none: 'There are no hosts to probe.',
        });
        if (probes.length > 0) {
          process.stderr.write(
            `Recorded as seen from ${zone}. The next run confirms or refutes its verdicts by this; assay reassess does so for the evidence of an earlier run.\n`,
          );
        }
      });
    });

async function probe(
  hosts: readonly Host[],
  zone: string,
  ports: readonly number[],
  pace: Pick<ProbeOptions, 'rate' | 'timeout'>,
): Promise<HostProbe[]> {
  const bar = createProgressBar();
  const results = hosts.map(({ hostArn, ipv4Address = '' }) => ({
    hostArn,
    address: ipv4Address,
    zone,
    connected: [] as number[],
    refused: [] as number[],
    silent: [] as number[],
  }));
  // Port by port over all hosts, so that no host gets the whole rate.
  const targets = ports.flatMap((port) => results.map((result) => ({ address: result.address, port, result })));
  let done = 0;
  await connectPorts(targets, pace, ({ port, result }, saw) => {
    result[saw].push(port);
    bar.show(++done, targets.length, () => `${done} of ${targets.length} connections`);
  });
  bar.clear();
  for (const result of results) {
    for (const list of [result.connected, result.refused, result.silent]) list.sort((a, b) => a - b);
  }
  return results;
}
