import { AgentStopped } from './agent-stopped.ts';

/** A server that asks an agent to come again this soon, or sooner, has something for it: seconds. */
export const SOON = 20;
/** How long a visit asks a server that does not answer, in milliseconds. */
const PATIENCE = 60_000;

/** How long an agent that comes and goes may stay. */
export interface Visit {
  /** Aborts with `outer`, and when the next visit is due: two at once would look like two machines. */
  readonly signal: AbortSignal;
  /** Aborts with the visit, and a minute from now: for a server that does not answer. */
  readonly patience: () => AbortSignal;
}

export function openVisit(everySeconds: number, outer: AbortSignal): Visit {
  const over = aborting(everySeconds * 1000, 'The visit took longer than the time between two visits.');
  const signal = AbortSignal.any([outer, over]);
  return {
    signal,
    patience: () =>
      AbortSignal.any([
        signal,
        aborting(PATIENCE, 'The server did not answer within a minute; the next visit asks again.'),
      ]),
  };
}

function aborting(milliseconds: number, why: string): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new AgentStopped(why)), milliseconds).unref();
  return controller.signal;
}
