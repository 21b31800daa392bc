// The thread that findings.ts has hosts packed by: each message is a host's number, and is answered by a PackedHost.
import { parentPort, workerData } from 'node:worker_threads';
import { type PackedJudgement, packJudgement } from '../packages/server/src/engine/judging/pack-judgement.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { randomFindings } from './random-findings.ts';

export interface PackedHost {
  readonly agent: string;
  readonly judgement: PackedJudgement;
}

if (!parentPort) throw new Error('This is a thread of a bench and no program');
const port = parentPort;
const { judgement } = randomFindings(seededRandom(workerData as number));

port.on('message', (host: number) => {
  const own = judgement(host);
  const agent = own.findings[0]?.document.assetAttributes.agentId ?? '';
  port.postMessage({ agent, judgement: packJudgement(own, []) } satisfies PackedHost);
});
