import { runArn, type Scope } from '@assay/model/arn.ts';
import { newResourceId, type RandomBytes } from '../../domain/ids.ts';
import type { Run } from '../../domain/run.ts';
import type { KnowledgeReference } from '../../domain/run-knowledge.ts';
import { hasEnded, type RunEvent } from '../../domain/run-machine.ts';
import type { Tables } from '../../store/store.ts';
import { advanceRun } from '../runs/advance-run.ts';
import { newRun } from '../runs/new-run.ts';

/** Why a run cannot be judged again; the message says it to whoever asked. */
export class NotReassessable extends Error {}

export interface Reassessment {
  readonly name?: string;
  /** The advisories to judge by; those of the moment of evaluation where absent. */
  readonly advisories?: KnowledgeReference;
  /** It was not asked for by a person: what is new is told when it has ended. */
  readonly continuous?: true;
  /** Of who asked for it: `operator` for a command on the server. */
  readonly accessKeyId?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A run's longest name. */
const MAX_NAME = 140;

/**
 * Starts a run over another's evidence, up to its evaluation, which is the ordinary job: call it in a transaction. No
 * host is asked anything, nor held. Throws {@link NotReassessable}.
 */
export async function reassess(
  tables: Tables,
  scopeName: Scope,
  scope: number,
  given: Run,
  { name, advisories, continuous, accessKeyId, createdAt }: Reassessment,
  random: RandomBytes,
): Promise<Run> {
  await requireEvidence(tables, scope, given);
  const id = newResourceId(random);
  const chosen = name ?? generatedName(given.name, createdAt, id);
  if (await tables.runs.nameTaken(scope, given.template, chosen)) {
    throw new NotReassessable(`The template has a run of the name "${chosen}" already`);
  }
  const { target, template, duration, rulesPackages, userAttributes } = given;
  const run: Run = {
    ...newRun({
      ...{ id, target, template, name: chosen, duration, rulesPackages, userAttributes, createdAt },
      origin: {
        ...(accessKeyId !== undefined && { accessKeyId }),
        ...(given.origin?.tags && { tags: given.origin.tags }),
      },
    }),
    knowledge: {
      at: null,
      versions: {},
      ...(advisories ? { advisories } : {}),
      evidenceOf: given.id,
      ...(continuous ? { continuous } : {}),
    },
  };
  await tables.runs.insertMany(scope, [run]);
  await tables.runAgents.copy(scope, given.id, id);
  await tables.evidence.copy(scope, given.id, id);
  await tables.templates.countRun(scope, given.template, runArn(scopeName, given.target, given.template, id));
  let last = run;
  for (const event of collectedAtOnce) last = (await advanceRun(tables, scope, last, event, createdAt)) ?? last;
  return last;
}

/** The steps of a run whose evidence is there. */
const collectedAtOnce: readonly RunEvent[] = ['FINISH_COLLECTION', 'COLLECTED', 'QUEUE_EVALUATION'];

async function requireEvidence(tables: Tables, scope: number, { id, state }: Run): Promise<void> {
  if (!hasEnded(state)) throw new NotReassessable(`The run ${id} has not ended; it is ${state}`);
  const { documents, kept } = await tables.evidence.countKept(scope, id);
  if (documents === 0) throw new NotReassessable(`The run ${id} has no evidence: no host delivered any here`);
  if (kept < documents) throw new NotReassessable(`The evidence of the run ${id} is no longer kept`);
}

function generatedName(name: string, createdAt: number, id: string): string {
  const suffix = ` - reassessed ${new Date(createdAt).toISOString()} - ${id.slice(2)}`;
  const [before = ''] = name.split(' - reassessed ');
  return `${[...before].slice(0, MAX_NAME - suffix.length).join('')}${suffix}`;
}
