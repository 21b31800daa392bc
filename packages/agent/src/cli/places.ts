import { join } from 'node:path';

/** Where an installed agent keeps things. All of it is gone after `assay-agent uninstall`. */
export interface Places {
  readonly directory: string;
  /** The program, or the script where Node is another's. */
  readonly program: string;
  /** Makes `assay-agent` a command of the shell. */
  readonly link: string;
  readonly configuration: string;
  /** What {@link Configuration} is written to; never a secret. */
  readonly config: string;
  /** A copy of what `--ca` named. */
  readonly ca: string;
  /** The agent's key. */
  readonly state: string;
  readonly unit: string;
  /** What is added to the unit. */
  readonly dropIns: string;
  /** A unit that a package of the distribution's brought. */
  readonly packagedUnit: string;
  readonly initScript: string;
  /** Of the init script alone: systemd has the journal. */
  readonly log: string;
  readonly pid: string;
}

/** `root` is another's in tests only. */
export const placesIn = (root = '/'): Places => ({
  directory: join(root, 'opt/assay'),
  program: join(root, 'opt/assay/assay-agent'),
  link: join(root, 'usr/local/bin/assay-agent'),
  configuration: join(root, 'etc/assay-agent'),
  config: join(root, 'etc/assay-agent/config.json'),
  ca: join(root, 'etc/assay-agent/ca.pem'),
  state: join(root, 'var/lib/assay-agent'),
  unit: join(root, 'etc/systemd/system/assay-agent.service'),
  dropIns: join(root, 'etc/systemd/system/assay-agent.service.d'),
  packagedUnit: join(root, 'usr/lib/systemd/system/assay-agent.service'),
  initScript: join(root, 'etc/init.d/assay-agent'),
  log: join(root, 'var/log/assay-agent.log'),
  pid: join(root, 'run/assay-agent.pid'),
});
