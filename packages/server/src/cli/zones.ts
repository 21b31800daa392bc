import { readFileSync, statSync } from 'node:fs';
import { assayOperations } from '@assay/model/assay/operations.ts';
import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import { check } from '@assay/model/check.ts';
import { formatPath, parse } from '@assay/model/parse.ts';
import { Command } from 'commander';
import { CliError } from '../runtime/cli-error.ts';
import { type ClientOptions, withClient, withClientOptions } from './client/with-client.ts';
import { type TableOptions, withTableOptions, writeTable } from './terminal/write-table.ts';

const MAX_FILE = 1024 * 1024;

export const zonesCommand = (): Command =>
  new Command('zones')
    .description('List or declare the zones from which the reachability of ports is judged')
    .addCommand(listCommand())
    .addCommand(setCommand());

const listCommand = (): Command =>
  withTableOptions(withClientOptions(new Command('list')))
    .description('List the zones')
    .action((options: ClientOptions & TableOptions) =>
      withClient(options, async (client) => {
        const { zones } = await client.assay('GetZones', {});
        writeTable(process.stdout, options, zones, {
          columns: [
            { name: 'name', title: 'Zone', cell: (zone) => zone.name },
            { name: 'routeType', title: 'Route type', cell: (zone) => zone.routeType },
            { name: 'networks', title: 'Networks', cell: (zone) => zone.networks?.join(', ') ?? 'of the route type' },
            {
              name: 'interfaces',
              title: 'Interfaces',
              cell: (zone) => zone.interfaces?.join(', ') ?? 'of the route type',
            },
          ],
          none: 'There are no zones.',
        });
      }),
    );

const setCommand = (): Command =>
  withClientOptions(new Command('set'))
    .description('Replace the zones by those of a JSON file: [{"name", "routeType", "networks"?, "interfaces"?}]')
    .argument('<file>', 'a list of zones; routeType is Internet, PeeredVPC or VGW')
    .option('--json', 'print JSON')
    .action((file: string, options: ClientOptions & { readonly json?: boolean }) =>
      withClient(options, async (client) => {
        const { zones } = await client.assay('SetZones', { zones: readZones(file) });
        if (options.json) return void process.stdout.write(`${JSON.stringify(zones, undefined, 2)}\n`);
        process.stdout.write(
          `${zones.length === 1 ? 'One zone is' : `${zones.length} zones are`} declared. The next run is judged by them.\n`,
        );
      }),
    );

function readZones(file: string) {
  try {
    const size = statSync(file).size;
    if (size > MAX_FILE) throw new Error(`it has ${size} bytes, more than ${MAX_FILE}`);
    const json = parseBoundedJson(readFileSync(file), { depth: 8, values: 20_000 });
    const shape = assayOperations.SetZones.input.members.zones;
    const zones = parse(shape, Array.isArray(json) ? json : (json as { zones?: unknown } | null)?.zones);
    const [fault] = check(shape, zones);
    if (fault) throw new Error(`${formatPath(fault.path)} ${fault.expected}`);
    return zones;
  } catch (error) {
    throw new CliError(`${file} has no zones: ${error instanceof Error ? error.message : String(error)}`);
  }
}
