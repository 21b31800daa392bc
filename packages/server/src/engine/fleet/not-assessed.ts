import type { Store } from '../../store/store.ts';
import type { CurrentFindings } from './current-findings.ts';

/** Something that runs did not assess, with a run that says so. */
export interface NotAssessed {
  readonly title: string;
  readonly recommendation: string | undefined;
  readonly hosts: number;
  readonly exclusions: number;
  readonly run: { readonly id: string; readonly target: string; readonly template: string };
}

/** Templates that are looked at, and kinds of what was not assessed that are returned. */
const TEMPLATES = 500;
const MOST = 20;

/** What the newest run of each template that has ended, and those that the current findings are of, did not assess. */
export async function notAssessed(
  store: Pick<Store, 'templates' | 'runs' | 'exclusions'>,
  scope: number,
  { assessed }: Pick<CurrentFindings, 'assessed'>,
): Promise<NotAssessed[]> {
  const runs = new Set(assessed.map(({ run }) => run));
  for (const { id } of await store.templates.list(scope, {}, undefined, TEMPLATES)) {
    const newest = await store.runs.newestEnded(scope, id);
    if (newest !== undefined) runs.add(newest);
  }
  const found = new Map<
    string,
    { hosts: Set<string>; exclusions: number; first: Omit<NotAssessed, 'hosts' | 'exclusions'> }
  >();
  for (const run of runs) {
    for (const { document, target, template } of await store.exclusions.ofRun(scope, run)) {
      const { title, recommendation } = document;
      const known = found.get(title) ?? {
        hosts: new Set(),
        exclusions: 0,
        first: { title, recommendation, run: { id: run, target, template } },
      };
      known.exclusions += 1;
      for (const { key, value } of document.scopes) if (key === 'INSTANCE_ID' && value) known.hosts.add(value);
      found.set(title, known);
    }
  }
  return [...found.values()]
    .map(({ hosts, exclusions, first }) => ({ ...first, hosts: hosts.size, exclusions }))
    .sort((a, b) => b.hosts - a.hosts || b.exclusions - a.exclusions)
    .slice(0, MOST);
}
