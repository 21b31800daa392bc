import type { HostDescription } from '@assay/model/agent-protocol.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { AgentStopped } from '../agent-stopped.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { describeHost } from '../describe-host.ts';
import { enroll } from '../enroll.ts';
import { openIdentities } from '../identity.ts';
import { openHost } from '../open-host.ts';

/** A person waits: after this long without an answer the server is said to be away. Milliseconds. */
const PATIENCE = 30_000;

export interface EnrollHostOptions extends ConnectOptions {
  readonly token: string | undefined;
  readonly tags: HostDescription['tags'];
  readonly visitEverySeconds?: number | undefined;
  readonly stateDir: string;
  readonly log: (line: string) => void;
}

/** Enrols this host unless it is enrolled. Throws {@link AgentStopped}. Resolves to the agent's id. */
export async function enrollHost({
  token,
  tags,
  visitEverySeconds,
  stateDir,
  log,
  ...server
}: EnrollHostOptions): Promise<string> {
  const identities = openIdentities(stateDir);
  const before = identities.enrolled();
  if (before) {
    log(`This host is enrolled as ${before.agentId} already.`);
    return before.agentId;
  }
  if (token === undefined) {
    throw new AgentStopped(
      'A token is needed to enrol this host. Make one on the server (assay tokens create) and give it in ASSAY_ENROLLMENT_TOKEN or a file (--token-file).',
    );
  }
  const client = connect(server);
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const description = await describeHost(await openHost(), {
      tags,
      agentVersion: packageJson.version,
      visitEverySeconds,
    });
    return (await enroll({ client, identities, log, signal }, token, description)).agentId;
  } catch (error) {
    if (signal.aborted) throw new AgentStopped(`${server.server.href} did not answer within 30 seconds.`);
    throw error;
  } finally {
    client.close();
  }
}
