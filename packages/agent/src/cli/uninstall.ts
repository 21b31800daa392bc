import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { readArguments } from './arguments.ts';
import { readConfiguration } from './configuration.ts';
import { placesIn } from './places.ts';
import { requireRoot } from './require-root.ts';
import { sayFarewell } from './say-farewell.ts';
import { removeService } from './service.ts';
import { system } from './system.ts';

/** `assay-agent uninstall`: stops the agent and removes all that `install` made, its key and its user too. */
export async function uninstallCommand(args: readonly string[], log: (line: string) => void): Promise<void> {
  readArguments(args, []);
  requireRoot('uninstall');
  const places = placesIn();
  const configuration = readable(places.config);
  removeService(places, system);
  if (configuration?.visitEverySeconds !== undefined) await sayFarewell(configuration, places.state);
  for (const directory of [places.configuration, places.state]) rmSync(directory, { recursive: true, force: true });
  if (configuration?.madeUser && configuration.user !== undefined) system.run('userdel', [configuration.user]);
  for (const file of [places.link, places.program, `${places.program}.cjs`]) rmSync(file, { force: true });
  if (existsSync(places.directory) && readdirSync(places.directory).length === 0) rmdirSync(places.directory);
  log('The agent is gone from this host. The server still lists it: assay hosts remove, there.');
  if (existsSync(places.packagedUnit)) {
    log(
      `Its package is still there: apt-get purge assay-agent, or dnf remove assay-agent (${dirname(places.packagedUnit)}).`,
    );
  }
}

/** A configuration that is damaged must not keep the agent on the host. */
function readable(file: string): ReturnType<typeof readConfiguration> {
  try {
    return readConfiguration(file);
  } catch {
    return undefined;
  }
}
