import { readFileSync } from 'node:fs';
import { AgentStopped } from '../agent-stopped.ts';

/**
 * The enrolment token from a file (`-` is standard input), or from the environment, where it is removed at once: what
 * this process starts must not see it. Not from the command line, which every user of the host can read.
 */
export function takeToken(file: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const given = env.ASSAY_ENROLLMENT_TOKEN;
  delete env.ASSAY_ENROLLMENT_TOKEN;
  if (file === undefined) return given || undefined;
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').trim() || undefined;
  } catch (error) {
    throw new AgentStopped(`The token cannot be read: ${(error as Error).message}`);
  }
}
