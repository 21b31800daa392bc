import { randomBytes } from 'node:crypto';
import { runArn as arnOfRun, parseArn, type Scope } from '@assay/model/arn.ts';
import { NotReassessable, reassess } from '../../engine/judging/reassess.ts';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import type { FeedProgress } from '../../feeds/take-feed.ts';
import type { Service } from '../../runtime/service.ts';
import type { ApiClient } from '../client/api-client.ts';
import { type FirstAdvisories, firstAdvisories } from '../feeds/first-advisories.ts';
import { feedProgress } from '../feeds/progress.ts';
import { style } from '../terminal/guarded-output.ts';
import { nextSteps } from '../terminal/next-step.ts';
import { type Assessed, followAssessment } from './assess-this-host.ts';

/** Advisories that are on their way. */
export interface ComingAdvisories {
  readonly done: Promise<FirstAdvisories>;
  /** Shows how they get on, from now to their end. */
  readonly show: () => void;
}

/** Begins to take the advisories of a system, and says so at once; how they get on is shown when nothing else is. */
export function comingAdvisories(
  directory: FeedsDirectory,
  operatingSystem: string,
  stream: NodeJS.WriteStream,
): ComingAdvisories {
  const progress = feedProgress(stream, { plain: true });
  let last: FeedProgress | undefined;
  let shown = false;
  const done = firstAdvisories(directory, operatingSystem, (now) => {
    if (last === undefined) {
      const host = URL.canParse(now.address ?? '') ? new URL(now.address ?? '').host : now.feed;
      stream.write(`  Feeds   asking ${host} for the advisories of ${operatingSystem} …\n`);
    }
    last = now;
    if (shown) progress.show(now);
  }).finally(progress.clear);
  // Told by whoever waits for it.
  done.catch(() => undefined);
  return {
    done,
    show: () => {
      shown = true;
      if (last) progress.show(last);
    },
  };
}

interface Following {
  readonly service: Pick<Service, 'store'>;
  readonly client: ApiClient;
  readonly scope: Scope;
  readonly stream: NodeJS.WriteStream;
}

/** Waits for the advisories, and has what was collected evaluated by them where the assessment was over before. */
export async function withAdvisories(
  assessed: Assessed,
  { done, show }: ComingAdvisories,
  { service: { store }, client, scope, stream }: Following,
): Promise<Assessed> {
  show();
  const { outcome, line } = await done;
  if (outcome === 'there') return assessed;
  const taken = outcome === 'taken';
  const said = taken ? line : `Vulnerabilities are not checked: ${line}`;
  stream.write(`\n${style(taken ? 'bold' : ['yellow', 'bold'], 'Advisories', stream)}  ${nextSteps(said ?? '')}\n`);
  if (!taken) return assessed;
  const again = await evaluateAgain(store, scope, assessed.runArn);
  return again === undefined ? assessed : followAssessment(store, client, scope, again, stream);
}

/** A run over the same evidence; undefined where the first was judged by advisories already. */
async function evaluateAgain(store: Service['store'], scopeName: Scope, arn: string): Promise<string | undefined> {
  const [, , id = ''] = parseArn(arn)?.ids ?? [];
  const scope = await store.scopes.idOf(scopeName);
  const [run] = await store.runs.findMany(scope, [id]);
  if (!run || run.knowledge?.advisories) return undefined;
  try {
    const asked = { createdAt: Date.now() };
    const again = await store.transaction((tables) => reassess(tables, scopeName, scope, run, asked, randomBytes));
    return arnOfRun(scopeName, again.target, again.template, again.id);
  } catch (error) {
    if (error instanceof NotReassessable) return undefined;
    throw error;
  }
}
