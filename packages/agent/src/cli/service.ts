import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentStopped } from '../agent-stopped.ts';
import { makeDirectory } from '../make-directory.ts';
import type { Places } from './places.ts';
import { initScript, type ServiceOptions, systemdUnit, visitsDropIn } from './service-files.ts';
import type { System } from './system.ts';

/** What starts the agent with the host. */
export type Supervisor = 'systemd' | 'init script';

const NAME = 'assay-agent';

/** systemd where it is installed, running or not (an image in the making). */
export const supervisorOf = (root: string): Supervisor =>
  ['run/systemd/system', 'usr/lib/systemd/systemd', 'lib/systemd/systemd'].some((path) => existsSync(`${root}/${path}`))
    ? 'systemd'
    : 'init script';

/** True where systemd runs this host: it can be told to start services. */
const systemdRuns = (): boolean => existsSync('/run/systemd/system');

/** Writes the service's files and has it started with the host. Those that a package brought stay as they are. */
export function addService(places: Places, supervisor: Supervisor, options: ServiceOptions, system: System): void {
  if (supervisor === 'systemd') {
    const { visitEverySeconds } = options;
    rmSync(places.dropIns, { recursive: true, force: true });
    if (!existsSync(places.packagedUnit)) write(places.unit, systemdUnit(options), 0o644);
    else if (visitEverySeconds !== undefined) {
      write(join(places.dropIns, 'visits.conf'), visitsDropIn(visitEverySeconds), 0o644);
    }
    if (systemdRuns()) system.run('systemctl', ['daemon-reload']);
    succeed(system.run('systemctl', ['--quiet', 'enable', NAME]), `systemctl enable ${NAME}`);
    return;
  }
  write(places.initScript, initScript(options), 0o755);
  if (system.run('update-rc.d', [NAME, 'defaults']) === undefined) system.run('chkconfig', ['--add', NAME]);
}

/** Starts the service, or starts it again. False where nothing on this host can start it now. */
export function startService(places: Places, supervisor: Supervisor, system: System): boolean {
  if (supervisor === 'systemd') {
    if (!systemdRuns()) return false;
    succeed(system.run('systemctl', ['restart', NAME]), `systemctl restart ${NAME}`);
  } else {
    succeed(system.run('sh', [places.initScript, 'restart']), `${places.initScript} restart`);
  }
  return true;
}

/** Stops the service and removes all that {@link addService} did. */
export function removeService(places: Places, system: System): void {
  if (existsSync(places.unit) || existsSync(places.packagedUnit)) {
    if (systemdRuns()) system.run('systemctl', ['stop', NAME]);
    system.run('systemctl', ['--quiet', 'disable', NAME]);
    for (const path of [places.unit, places.dropIns]) rmSync(path, { recursive: true, force: true });
    if (systemdRuns()) system.run('systemctl', ['daemon-reload']);
  }
  if (existsSync(places.initScript)) {
    system.run('sh', [places.initScript, 'stop']);
    if (system.run('chkconfig', ['--del', NAME]) === undefined) rmSync(places.initScript);
    rmSync(places.initScript, { force: true });
    system.run('update-rc.d', [NAME, 'remove']);
  }
  for (const file of [places.log, places.pid]) rmSync(file, { force: true });
}

/** What a person would ask the system for: `active`, `runs as process 17`. */
export function serviceState(places: Places, system: System): string {
  if (existsSync(places.unit) || existsSync(places.packagedUnit)) {
    return system.ask('systemctl', ['show', '--value', '--property=ActiveState', NAME]) ?? 'systemd does not run here';
  }
  if (!existsSync(places.initScript)) return 'not installed';
  return system.ask('sh', [places.initScript, 'status'])?.replace(/^assay-agent /, '') ?? 'does not run';
}

function write(file: string, text: string, mode: number): void {
  makeDirectory(dirname(file), 0o755);
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
}

function succeed(status: number | undefined, what: string): void {
  if (status !== 0)
    throw new AgentStopped(`${what} failed${status === undefined ? ': it is not there' : `, status ${status}`}.`);
}
