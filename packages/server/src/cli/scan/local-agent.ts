import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openIdentities } from '@assay/agent/identity.ts';
import { runAgent } from '@assay/agent/loop.ts';
import { openHost } from '@assay/agent/open-host.ts';
import type { Scope } from '@assay/model/arn.ts';
import type { Agent } from '../../domain/agent.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { issueEnrollmentTokens } from '../../runtime/issue-enrollment-tokens.ts';
import type { Store } from '../../store/store.ts';
import { thisHostTag } from './first-assessment.ts';

/** The token is used at once, by this process. */
const TOKEN_TTL = 60_000;
/** Enrolling and the first heartbeat take well under a second, in milliseconds. */
const PATIENCE = 30_000;

/** An agent in the server's process, and over its wire like any other. */
export interface LocalAgent {
  readonly agent: Agent;
  /** Says goodbye to the server and resolves. */
  readonly stop: () => Promise<void>;
}

/** Of the host that the server stands on. */
export async function startLocalAgent(
  store: Store,
  server: string,
  scope: Scope,
  dataDirectory: string,
  log: (line: string) => void,
): Promise<LocalAgent> {
  const stateDir = join(dataDirectory, 'agent');
  const identities = openIdentities(stateDir);
  const known = identities.enrolled();
  const enrolled = known && (await store.agents.find(known.agentId));
  const since = Date.now();
  const [token] = enrolled ? [] : await issueEnrollmentTokens(store, scope, TOKEN_TTL, 1);
  const stopping = new AbortController();
  const running = runAgent({
    server: new URL(server),
    stateDir,
    tags: [thisHostTag],
    host: await openHost(),
    signal: stopping.signal,
    log,
    ...(token === undefined ? {} : { token }),
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  const failed = running.then(() => {
    throw new CliError('The agent of this host stopped.');
  });
  failed.catch(() => undefined);
  const agent = await Promise.race([heard(store, () => openIdentities(stateDir).enrolled()?.agentId, since), failed]);
  return { agent, stop };
}

/** The agent's row once it has enrolled and been heard since a time. */
async function heard(store: Store, agentId: () => string | undefined, since: number): Promise<Agent> {
  for (const begin = Date.now(); Date.now() - begin < PATIENCE; ) {
    const id = agentId();
    const agent = id === undefined ? undefined : await store.agents.find(id);
    if (agent && agent.seenAt >= since && agent.status !== 'SHUTDOWN') return agent;
    await delay(20);
  }
  throw new CliError('The agent of this host did not report to the server within 30 seconds; see what it wrote above.');
}
