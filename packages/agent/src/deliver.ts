import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceKind } from '@assay/model/evidence/kinds.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import type { Call } from './client.ts';
import { collect, collectedKinds } from './collect.ts';
import type { Host } from './host.ts';
import { pack, packWithout } from './pack.ts';
import type { ScapContent } from './scap-content.ts';
import { endsIdentity, isFinal, type ServerFault } from './server-fault.ts';

/** How often evidence that the server says it lacks is sent again. */
const MAX_ROUNDS = 3;
/** How many things that could not be seen are told in the log; the evidence has all of them. */
const MAX_TOLD = 10;

export interface DeliveryDeps {
  readonly host: Host;
  /** The SCAP content that a run is judged by. */
  readonly scapContentOf: (runId: string) => ScapContent;
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
 * Collects what a run asks for, sends it kind by kind, and says when all is there that can be had. A kind that cannot be
 * sent costs no other: the server hears which, and why. Rejects when the server does not know the agent, and with the
 * reason of `signal`.
 */
export async function deliver(deps: DeliveryDeps, { runId, collect: asked }: Request): Promise<Delivery> {
  const { log, send } = deps;
  const kinds = asked.filter(isCollected);
  const unknown = asked.filter((kind) => !isCollected(kind)).map((kind) => oneLine(kind, 64));
  if (unknown.length > 0) {
    log(
      `Run ${runId}: this agent does not know the evidence ${unknown.join(', ')}, and sends none of it. A newer agent may.`,
    );
  }
  log(`Run ${runId}: collecting ${kinds.join(', ') || 'nothing'}`);
  for (let round = 1; ; round++) {
    try {
      const sent: Sent[] = [];
      for (const kind of kinds) sent.push(await deliverOne(deps, runId, kind));
      const undelivered = [
        ...unknown.filter(isKindName).map((kind) => ({ kind, reason: 'this agent does not know this kind' })),
        ...sent.flatMap(({ kind, failure }) => (failure === undefined ? [] : [{ kind, reason: failure }])),
      ];
      // What the server still lacks after the last round cannot be sent: without the list it takes what there is.
      const body = Buffer.from(JSON.stringify(round < MAX_ROUNDS ? { undelivered } : {}));
      await send({ method: 'POST', path: `/agent/v1/runs/${runId}/delivered`, contentType: 'application/json', body });
      const bytes = sent.reduce((sum, each) => sum + each.bytes, 0);
      const whole = sent.filter(({ failure }) => failure === undefined).length;
      log(`Run ${runId}: collected ${whole} kinds, sent in ${bytes} bytes`);
      tell(
        log,
        sent.flatMap(({ limitations }) => limitations),
      );
      return 'delivered';
    } catch (error) {
      if (!isFinal(error) || endsIdentity(error)) throw error;
      if (endsDelivery(error)) {
        log(`Run ${runId}: ${error.message}`);
        return 'over';
      }
      const again = error.code === 'EvidenceMissing' && round < MAX_ROUNDS;
      log(`Run ${runId}: ${error.message}${again ? ' Sending it again.' : ''}`);
      if (!again) return 'refused';
    }
  }
}

const isCollected = (kind: string): kind is EvidenceKind => collectedKinds.some((known) => known === kind);
/** As the protocol has names of kinds: others cannot be named to the server. */
const isKindName = (kind: string): boolean => /^[A-Za-z][A-Za-z0-9]*$/.test(kind);

const endsDelivery = ({ code }: ServerFault): boolean => code === 'CollectionOver' || code === 'NotInRun';

interface Sent {
  readonly kind: EvidenceKind;
  readonly bytes: number;
  readonly limitations: readonly Limitation[];
  /** Why the server has nothing of this kind; absent where it has. */
  readonly failure?: string;
}

async function deliverOne(
  { host, scapContentOf, send, log, signal }: DeliveryDeps,
  runId: string,
  kind: EvidenceKind,
): Promise<Sent> {
  const document = await orAborted(collect(kind, host, scapContentOf(runId)), signal);
  const put = async (body: Buffer): Promise<number> => {
    await send({
      method: 'PUT',
      path: `/agent/v1/runs/${runId}/evidence/${kind}`,
      contentType: 'application/gzip',
      body,
    });
    return body.length;
  };
  const { limitations } = document;
  try {
    return { kind, limitations, bytes: await put(await pack(document)) };
  } catch (error) {
    if (!concernsThisKind(error)) throw error;
    log(`Run ${runId}: the server refused ${kind}: ${error.message}`);
    const failure = oneLine(`the server refused it: ${error.message}`);
    try {
      // The reason in the document's place, which a server of any version keeps.
      const code = error.status === 413 ? 'TOO_LARGE' : 'UNSUPPORTED';
      return { kind, limitations, bytes: await put(await packWithout(document, code, failure)) };
    } catch (again) {
      if (!concernsThisKind(again)) throw again;
      return { kind, limitations, bytes: 0, failure };
    }
  }
}

/** A refusal of one document: the others may be taken. */
const concernsThisKind = (error: unknown): error is ServerFault =>
  isFinal(error) && !endsIdentity(error) && !endsDelivery(error);

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
    log(`  ${oneLine(subject, 200)}: ${code}${detail ? ` (${oneLine(detail, 200)})` : ''}`);
  }
  if (limitations.length > MAX_TOLD) log(`  and ${limitations.length - MAX_TOLD} more; the evidence lists all`);
}
