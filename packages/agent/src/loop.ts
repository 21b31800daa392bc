import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { agentProtocol, type HeartbeatRequest, type HostDescription } from '@assay/model/agent-protocol.ts';
import packageJson from '../package.json' with { type: 'json' };
import { AgentStopped } from './agent-stopped.ts';
import type { Client } from './client.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { type Delivery, deliver } from './deliver.ts';
import { describeHost } from './describe-host.ts';
import { enroll } from './enroll.ts';
import { type Answer, heartbeat, whileBeating } from './heartbeat.ts';
import type { Host } from './host.ts';
import { type Identities, type Identity, openIdentities } from './identity.ts';
import { openVisit, SOON } from './open-visit.ts';
import { retry } from './retry.ts';
import { openScapContent } from './scap-content.ts';
import { endsIdentity, isFinal, isIdentityInUse, isNotEnrolled, type ServerFault } from './server-fault.ts';

export interface AgentOptions extends ConnectOptions {
  /** For a first enrolment, and for another one where the server does not know this agent any more. */
  readonly token?: string | undefined;
  readonly tags: HostDescription['tags'];
  /** Where the agent keeps its key. */
  readonly stateDir: string;
  readonly host: Host;
  /** Aborts to stop the agent cleanly. */
  readonly signal: AbortSignal;
  /** Takes a line of progress for a person. */
  readonly log: (line: string) => void;
  /** How long the server may hold a heartbeat; default and most: the protocol's. */
  readonly waitSeconds?: number | undefined;
  /** Ends after the evidence of one run is delivered. */
  readonly once?: boolean | undefined;
  /** Ends as soon as no run wants anything of this host; the server is told that it comes again within so many seconds. */
  readonly visitEverySeconds?: number | undefined;
}

const TIMEOUT = 120_000;
/** For the last word of an agent that stops, in milliseconds. */
const GOODBYE = 3000;
/** How long a run that was dealt with is left alone, should the server name it again: milliseconds. */
const LEFT_ALONE: Readonly<Record<Delivery, number>> = { delivered: 60_000, over: 60_000, refused: 600_000 };

/**
 * Serves one server as this host's agent until `signal` aborts: enrols where needed, says that it lives, and delivers
 * the evidence that runs ask for. Outages are waited out. Throws {@link AgentStopped} where only a person can help.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const processId = randomBytes(16).toString('hex');
  const client = connect(options, processId);
  const identities = openIdentities(options.stateDir);
  try {
    await serve({ ...options, client, identities, processId });
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    client.close();
  }
}

type Agent = AgentOptions & {
  readonly client: Client;
  readonly identities: Identities;
  /** Random, of this process. */
  readonly processId: string;
};

async function serve(agent: Agent): Promise<void> {
  const { identities, token, log, signal } = agent;
  let identity = identities.enrolled();
  let fresh = false;
  if (identity) log(`This host is enrolled as ${identity.agentId} already (${identities.file}).`);
  for (;;) {
    if (!identity) {
      if (token === undefined) {
        throw new AgentStopped(
          'This host is not enrolled. Make a token on the server (assay tokens create) and give it.',
        );
      }
      identity = await enroll(agent, token, await describe(agent));
      fresh = true;
    }
    try {
      return await attend(agent, identity);
    } catch (error) {
      const inUse = isIdentityInUse(error);
      if (signal.aborted || !(isNotEnrolled(error) || inUse)) {
        const comesAgain = agent.visitEverySeconds !== undefined && !signal.aborted;
        if (!endsIdentity(error) && !comesAgain) await sayGoodbye(agent, identity);
        throw isFinal(error) ? refused(error, identities) : error;
      }
      if (fresh || token === undefined) throw refused(error, identities);
      log(
        inUse
          ? `Another machine speaks for ${identity.agentId}: this one has a copy of its identity. Enrolling as a host of its own.`
          : `The server no longer knows ${identity.agentId}; enrolling again.`,
      );
      identity = undefined;
    }
  }
}

/** Why an agent stops that the server refuses, and what a person can do. */
function refused(error: ServerFault, { file }: Identities): AgentStopped {
  const anew = error.code === 'Removed' || error.code === 'IdentityInUse';
  const advice = anew ? ` To enrol this machine anew, remove ${file} and start the agent with a new token.` : '';
  return new AgentStopped(`The server refuses this agent: ${error.message}${advice}`);
}

/** One run after the other, until `signal` aborts (then it rejects), with `once` one is delivered, or a visit is over. */
async function attend(agent: Agent, identity: Identity): Promise<void> {
  const { client, host, log, once, visitEverySeconds } = agent;
  const visiting = visitEverySeconds !== undefined;
  const visit = visiting ? openVisit(visitEverySeconds, agent.signal) : undefined;
  const signal = visit?.signal ?? agent.signal;
  const leftAlone = new Map<string, number>();
  const beat = async (status: HeartbeatRequest['status'], waitSeconds: number, until: AbortSignal): Promise<Answer> =>
    heartbeat(client, identity, { status, waitSeconds, host: await describe(agent) }, until);
  const send: Parameters<typeof deliver>[0]['send'] = (message) =>
    retry(() => client.call({ ...message, identity, timeoutMs: TIMEOUT, signal }), { signal, log });
  const waitSeconds = Math.min(agent.waitSeconds ?? agentProtocol.maxWaitSeconds, agentProtocol.maxWaitSeconds);
  const scapContentOf = (runId: string) =>
    openScapContent({ runId, client, identity, signal, log, directory: join(agent.stateDir, 'scap') });
  if (!visiting) log('Waiting for runs.');
  for (;;) {
    const asked = performance.now();
    let away = false;
    const knock = (failures: number): Promise<Answer> => {
      away = failures > 0;
      // After an outage the first answer is not held, so that it is heard at once.
      return beat('IDLE', away || visiting ? 0 : waitSeconds, signal);
    };
    const answer = await retry(knock, { signal: visit?.patience() ?? signal, log });
    const now = performance.now();
    for (const [run, until] of leftAlone) if (until <= now) leftAlone.delete(run);
    const next = answer.instructions.find(({ runId }) => !leftAlone.has(runId));
    if (next) {
      const delivery = await whileBeating(
        async (over) => (await beat('RUNNING', 0, AbortSignal.any([over, signal]))).nextHeartbeatSeconds,
        () => deliver({ host, scapContentOf, send, log, signal }, next),
      );
      if (once && delivery === 'delivered') return sayGoodbye(agent, identity);
      leftAlone.set(next.runId, performance.now() + LEFT_ALONE[delivery]);
    } else if (visiting) {
      // A server that is busy has something and will say it soon; what is left alone is for the next visit.
      if (answer.instructions.length > 0 || answer.nextHeartbeatSeconds > SOON) return;
      await delay(answer.nextHeartbeatSeconds * 1000, undefined, { signal });
    } else if (!away) {
      // Neither a server that holds nothing nor one that names the same run for ever makes the agent spin.
      const least = answer.instructions.length > 0 ? 10_000 : 1000 - (now - asked);
      await delay(Math.max(0, least, answer.nextHeartbeatSeconds * 1000), undefined, { signal });
    }
  }
}

const describe = ({ host, tags, processId, visitEverySeconds }: Agent): Promise<HostDescription> =>
  describeHost(host, { tags, agentVersion: packageJson.version, processId, visitEverySeconds });

/** Tells the server that nothing more comes; whether it hears that is not waited for long. */
async function sayGoodbye(agent: Agent, identity: Identity): Promise<void> {
  const request = { status: 'SHUTDOWN', waitSeconds: 0, host: await describe(agent) } as const;
  const patience = AbortSignal.timeout(GOODBYE);
  await heartbeat(agent.client, identity, request, patience).catch(() => undefined);
}
