import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { HostDescription } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { formatPath, parse } from '@assay/model/parse.ts';
import { boolean, type Static, string, structure } from '@assay/model/shape.ts';
import { AgentStopped } from '../agent-stopped.ts';

/** What an installed agent is told once: the members are the options of `assay-agent install`. */
const Configuration = structure(
  {
    server: string({ min: 1, max: 2048 }),
    tags: HostDescription.members.tags,
    /** A PEM file. */
    ca: string({ min: 1, max: 4096 }),
    insecureHttp: boolean,
    /** Of an agent that comes and goes. */
    visitEverySeconds: HostDescription.members.visitEverySeconds,
    /** The user that the service runs as, where it is not root, and whether it was made for that. */
    user: string({ min: 1, max: 32 }),
    madeUser: boolean,
  },
  'server',
);
export type Configuration = Static<typeof Configuration>;

/** The configuration in a file; undefined without the file. Throws {@link AgentStopped} where it is not one. */
export function readConfiguration(file: string): Configuration | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AgentStopped(`The configuration cannot be read: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AgentStopped(`${file} is not JSON: ${(error as Error).message}`);
  }
  try {
    const configuration = parse(Configuration, value);
    const [fault] = check(Configuration, configuration);
    if (fault) throw new Error(`${formatPath(fault.path)} ${fault.expected}`);
    return configuration;
  } catch (error) {
    throw new AgentStopped(`${file} is not a configuration of this agent: ${(error as Error).message}`);
  }
}

/** Others may read it: it holds no secret. */
export function writeConfiguration(file: string, configuration: Configuration): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(configuration, undefined, 2)}\n`, { mode: 0o644, flush: true });
  renameSync(draft, file);
}
