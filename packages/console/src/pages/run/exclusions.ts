import type { Context } from '../../context.ts';
import { describeExclusions, type Exclusion } from '../../data/describe.ts';
import { after, readAll } from '../../data/pages.ts';
import { type Child, h } from '../../dom.ts';
import { count } from '../../format.ts';

const MOST = 500;

export interface Exclusions {
  readonly exclusions: readonly Exclusion[];
  readonly complete: boolean;
}

export async function readExclusions({ call }: Context, run: string): Promise<Exclusions> {
  const { items, complete } = await readAll(async (token) => {
    const { exclusionArns, nextToken } = await call('ListExclusions', {
      assessmentRunArn: run,
      maxResults: 100,
      ...after(token),
    });
    return { items: exclusionArns, nextToken };
  }, MOST);
  return { exclusions: await describeExclusions(call, items), complete };
}

/** What was not assessed, why, and for which host or rules package. */
export function exclusionList(
  { exclusions, complete }: Exclusions,
  hostNames: ReadonlyMap<string, string>,
  packageNames: ReadonlyMap<string, string>,
  standing: string | undefined,
): Child {
  if (exclusions.length === 0) return h('p', { class: 'quiet' }, standing ?? 'Nothing was left out.');
  const scope = ({ key, value = '' }: Exclusion['scopes'][number]): Child =>
    h(
      'li',
      {},
      key === 'RULES_PACKAGE_ARN' ? 'Rules package ' : 'Host ',
      h('b', {}, (key === 'RULES_PACKAGE_ARN' ? packageNames : hostNames).get(value) ?? value),
    );
  return [
    h(
      'ul',
      { class: 'exclusions' },
      exclusions.map(({ title, description, recommendation, scopes }) =>
        h(
          'li',
          {},
          h('h3', {}, title),
          h('ul', { class: 'scopes', 'aria-label': 'Concerns' }, scopes.map(scope)),
          h('p', {}, description),
          h('p', {}, h('b', {}, 'What to do: '), recommendation),
        ),
      ),
    ),
    !complete && h('p', { class: 'quiet' }, `The first ${count(exclusions.length, 'exclusion')} are shown.`),
  ];
}
