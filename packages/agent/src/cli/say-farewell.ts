import { randomBytes } from 'node:crypto';
import packageJson from '../../package.json' with { type: 'json' };
import { connect } from '../connect.ts';
import { describeHost } from '../describe-host.ts';
import { heartbeat } from '../heartbeat.ts';
import { openIdentities } from '../identity.ts';
import { openHost } from '../open-host.ts';
import type { Configuration } from './configuration.ts';

/** For the whole farewell, in milliseconds: a person waits. */
const PATIENCE = 5000;

/**
 * Tells the server that this host comes no more, where no agent is there to say it: between two visits. Never rejects; a server
 * that cannot be reached finds out by itself when no visit comes.
 */
export async function sayFarewell(configuration: Configuration, stateDir: string): Promise<void> {
  const { server, ca, insecureHttp, tags = [], visitEverySeconds } = configuration;
  try {
    const identity = openIdentities(stateDir).enrolled();
    if (!identity) return;
    const processId = randomBytes(16).toString('hex');
    const client = connect({ server: new URL(server), caFile: ca, insecureHttp }, processId);
    const agentVersion = packageJson.version;
    const host = await describeHost(await openHost(), { tags, agentVersion, processId, visitEverySeconds });
    const patience = AbortSignal.timeout(PATIENCE);
    try {
      // A new process speaks for the host before it can say goodbye for it.
      for (const status of ['IDLE', 'SHUTDOWN'] as const) {
        await heartbeat(client, identity, { status, waitSeconds: 0, host }, patience);
      }
    } finally {
      client.close();
    }
  } catch {
    // The host is rid of the agent whether the server knows or not.
  }
}
