import { hostname } from 'node:os';
import type { AssayInput } from '@assay/model/assay/operations.ts';
import { Command } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import type { Client } from './client/client.ts';
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
    .option(
      '--ports <list>',
      'ports such as 22,80,8000-8010 (default: the recognized services, and those that the newest run found reachable)',
      portsOption,
    )
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
        const enrolled = hosts.filter(({ removedAt }) => !removedAt);
        const targets = await targetsOf(client, zone, enrolled, options.ports);
        const addressed = new Set(targets.map(({ hostArn }) => hostArn));
        const left = hosts.length - addressed.size;
        if (left > 0) process.stderr.write(`Not probed: ${left} of ${hosts.length} hosts have reported no address.\n`);
        const { probes, unsent } = await probe(targets, zone, options);
        for (const address of unsent) process.stderr.write(`Not probed: nothing leads from here to ${address}.\n`);
        for (let at = 0; at < probes.length; at += TOGETHER) {
          const some = probes.slice(at, at + TOGETHER);
          await client.assay('RecordProbes', { vantage: options.vantage, probes: some });
        }
        const names = new Map(enrolled.map(({ hostArn, hostname: name }) => [hostArn, name]));
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
            `Recorded as seen from ${options.vantage}, in the zone ${zone}. The next run compares its verdicts with this; assay reassess does so for the evidence of an earlier run.\n`,
          );
        }
      });
    });

interface Target {
  readonly hostArn: string;
  readonly address: string;
  readonly ports: readonly number[];
}

/** Every address of the hosts, with the ports to try. */
async function targetsOf(
  client: Client,
  zone: string,
  hosts: readonly Host[],
  only: readonly number[] | undefined,
): Promise<Target[]> {
  const found: Target[] = [];
  for (let at = 0; at < hosts.length; at += TOGETHER) {
    const hostArns = hosts.slice(at, at + TOGETHER).map(({ hostArn }) => hostArn);
    const { targets } = await client.assay('DescribeProbeTargets', { zone, hostArns });
    for (const { hostArn, addresses, ports } of targets) {
      found.push(...addresses.map((address) => ({ hostArn, address, ports: only ?? ports })));
    }
  }
  return found;
}

async function probe(
  targets: readonly Target[],
  zone: string,
  pace: Pick<ProbeOptions, 'rate' | 'timeout'>,
): Promise<{ readonly probes: readonly HostProbe[]; readonly unsent: readonly string[] }> {
  const bar = createProgressBar();
  const results = targets.map(({ hostArn, address, ports }) => ({
    ports,
    probe: { hostArn, address, zone, connected: [] as number[], refused: [] as number[], silent: [] as number[] },
  }));
  const unsent = new Set<string>();
  // Port by port over all addresses, so that no host gets the whole rate.
  const most = Math.max(0, ...results.map(({ ports }) => ports.length));
  const attempts = Array.from({ length: most }, (_, at) => at).flatMap((at) =>
    results.flatMap(({ ports, probe: result }) => {
      const port = ports[at];
      return port === undefined ? [] : [{ address: result.address, port, result }];
    }),
  );
  let done = 0;
  await connectPorts(attempts, pace, ({ address, port, result }, saw) => {
    if (saw === 'unsent') unsent.add(address);
    else result[saw].push(port);
    bar.show(++done, attempts.length, () => `${done} of ${attempts.length} connections`);
  });
  bar.clear();
  const probes = results.map(({ probe: { connected, refused, silent, ...rest } }) => ({
    ...rest,
    connected: connected.sort((a, b) => a - b),
    refused: refused.sort((a, b) => a - b),
    silent: silent.sort((a, b) => a - b),
  }));
  // An address is in only once something was tried.
  const tried = probes.filter(
    ({ connected, refused, silent }) => connected.length + refused.length + silent.length > 0,
  );
  return { probes: tried, unsent: [...unsent] };
}
