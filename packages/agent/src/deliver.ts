import type { Limitation } from '@assay/model/evidence/document.ts';
import { type EvidenceKind, isEvidenceKind } from '@assay/model/evidence/kinds.ts';
import type { Call } from './client.ts';
import { collect } from './collect.ts';
import type { Host } from './host.ts';
import { pack, packWithout } from './pack.ts';
import { printable } from './printable.ts';
import { isFinal } from './server-fault.ts';

/** How often evidence that the server says it lacks is sent again. */
const MAX_ROUNDS = 3;
/** How many things that could not be seen are told in the log; the evidence has all of them. */
const MAX_TOLD = 10;

export interface DeliveryDeps {
  readonly host: Host;
  /** Sends a signed message, again and again until the server takes or refuses it. */
  readonly send: (message: Pick<Call, 'method' | 'path' | 'contentType' | 'body'>) => Promise<unknown>;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a run asks this host for; kinds that this agent does not know may be among them. */
export interface Request {
  readonly runId: string;
  readonly collect: readonly string[];
}

/** `over`: the run does not collect any more. `refused`: the server does not take what this agent can give. */
export type Delivery = 'delivered' | 'over' | 'refused';

/**
 * Collects what a run asks for, sends it kind by kind, and says when all is there. Rejects when the server does not
 * know the agent, and with the reason of `signal`.
 */
export async function deliver(deps: DeliveryDeps, { runId, collect: asked }: Request): Promise<Delivery> {
  const { log, send } = deps;
  const kinds = asked.filter(isEvidenceKind);
  const unknown = asked.filter((kind) => !isEvidenceKind(kind));
  if (unknown.length > 0) {
    const names = unknown.map((kind) => printable(kind, 64)).join(', ');
    log(`Run ${runId}: this agent does not know the evidence ${names}, and sends none of it. A newer agent may.`);
  }
  log(`Run ${runId}: collecting ${kinds.join(', ') || 'nothing'}`);
  for (let round = 1; ; round++) {
    try {
      const limitations: Limitation[] = [];
      let bytes = 0;
      for (const kind of kinds) {
        const sent = await deliverOne(deps, runId, kind);
        bytes += sent.bytes;
        limitations.push(...sent.limitations);
      }
      const body = Buffer.from('{}');
      await send({ method: 'POST', path: `/agent/v1/runs/${runId}/delivered`, contentType: 'application/json', body });
      log(`Run ${runId}: collected ${kinds.length} kinds, sent in ${bytes} bytes`);
      tell(log, limitations);
      return 'delivered';
    } catch (error) {
      if (!isFinal(error) || error.status === 401) throw error;
      if (error.code === 'CollectionOver' || error.code === 'NotInRun') {
        log(`Run ${runId}: ${error.message}`);
        return 'over';
      }
      const again = error.code === 'EvidenceMissing' && unknown.length === 0 && round < MAX_ROUNDS;
      log(`Run ${runId}: ${error.message}${again ? ' Sending it again.' : ''}`);
      if (!again) return 'refused';
    }
  }
}

interface Sent {
  readonly bytes: number;
  readonly limitations: readonly Limitation[];
}

async function deliverOne({ host, send, log, signal }: DeliveryDeps, runId: string, kind: EvidenceKind): Promise<Sent> {
  const document = await orAborted(collect(kind, host), signal);
  const put = async (body: Buffer): Promise<void> => {
    await send({
      method: 'PUT',
      path: `/agent/v1/runs/${runId}/evidence/${kind}`,
      contentType: 'application/gzip',
      body,
    });
  };
  const packed = await pack(document);
  try {
    await put(packed);
    return { bytes: packed.length, limitations: document.limitations };
  } catch (error) {
    if (!isFinal(error) || ![400, 413, 415].includes(error.status)) throw error;
    // The rest of the run is worth having: the server hears why this part is missing.
    log(`Run ${runId}: the server refused ${kind}: ${error.message}`);
    const code = error.status === 413 ? 'TOO_LARGE' : 'UNSUPPORTED';
    const without = await packWithout(document, code, `the server refused it: ${error.message}`);
    await put(without);
    return { bytes: without.length, limitations: document.limitations };
  }
}

/** A collector cannot be interrupted, but nobody has to wait for it. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function tell(log: (line: string) => void, limitations: readonly Limitation[]): void {
  if (limitations.length === 0) return;
  log('What could not be seen:');
  for (const { code, subject, detail } of limitations.slice(0, MAX_TOLD)) {
    log(`  ${printable(subject, 200)}: ${code}${detail ? ` (${printable(detail, 200)})` : ''}`);
  }
  if (limitations.length > MAX_TOLD) log(`  and ${limitations.length - MAX_TOLD} more; the evidence lists all`);
}
