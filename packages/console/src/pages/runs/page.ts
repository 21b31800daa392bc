import type { Context } from '../../context.ts';
import { describeRuns, type Run } from '../../data/describe.ts';
import { after } from '../../data/pages.ts';
import { readInventory, templateLabel } from '../../data/templates.ts';
import { type Child, h, replace } from '../../dom.ts';
import { count } from '../../format.ts';
import { runsLink } from '../../route.ts';
import { hasEnded } from '../../ui/badge.ts';
import { every } from '../../ui/every.ts';
import { empty } from '../../ui/notice.ts';
import { runsQuery } from './filter.ts';
import { filterForm } from './filter-form.ts';
import { startRun } from './start-run.ts';
import { runsTable } from './table.ts';

const PAGE_SIZE = 20;
const REFRESH = 4000;

/** The runs of the region, newest first, filtered as the address says. */
export function runsPage(context: Context, filter: URLSearchParams): HTMLElement {
  const { call, signal, showFault } = context;
  const { input, problems } = runsQuery(filter);
  const filtering = h('div', {});
  const list = h('div', { class: 'list' }, h('p', { class: 'quiet' }, 'Loading…'));
  const templateNames = new Map<string, string>();
  /** Tokens of the pages up to the one shown; the first page has none. */
  const tokens: (string | undefined)[] = [undefined];
  let shown = '';
  let live = false;

  const show = async (): Promise<void> => {
    try {
      const token = tokens.at(-1);
      const { assessmentRunArns, nextToken } = await call('ListAssessmentRuns', {
        ...input,
        maxResults: PAGE_SIZE,
        ...after(token),
      });
      const runs = await describeRuns(call, assessmentRunArns);
      // Another page may have been asked for meanwhile.
      if (signal.aborted || token !== tokens.at(-1)) return;
      live = runs.some(({ state }) => !hasEnded(state));
      const now = JSON.stringify([runs, nextToken, [...templateNames]]);
      if (now !== shown || live)
        replace(list, runs.length > 0 ? runsTable(runs, templateNames) : nothing(), pager(runs, nextToken));
      shown = now;
    } catch (fault) {
      if (signal.aborted) return;
      live = false;
      shown = '';
      replace(
        list,
        showFault(fault, () => void show()),
      );
    }
  };
  const goTo = (change: () => void) => async (): Promise<void> => {
    change();
    await show();
    context.announce(`Page ${tokens.length}`);
    list.scrollIntoView({ block: 'start' });
  };
  const pager = (runs: readonly Run[], nextToken: string | undefined): Child => {
    if (tokens.length === 1 && nextToken === undefined) {
      return runs.length > 0 && h('p', { class: 'quiet pager' }, count(runs.length, 'run'));
    }
    const button = (label: string, enabled: boolean, change: () => void) =>
      h('button', { type: 'button', disabled: !enabled, onclick: () => void goTo(change)() }, label);
    return h(
      'nav',
      { class: 'pager', 'aria-label': 'Pages of runs' },
      button('Newer', tokens.length > 1, () => tokens.pop()),
      h('span', { class: 'quiet' }, `Page ${tokens.length}`),
      button('Older', nextToken !== undefined, () => tokens.push(nextToken)),
    );
  };
  const nothing = (): Child =>
    filter.size > 0
      ? empty(
          'No run matches',
          h('p', {}, 'Every filter that is given must match. ', h('a', { href: runsLink() }, 'Show all runs')),
        )
      : empty(
          'No run yet',
          h(
            'p',
            {},
            'A run assesses the hosts of a target by the rules packages of a template. Start one here, or with any Inspector client.',
          ),
        );
  const start = async (): Promise<void> => {
    try {
      await startRun(context);
    } catch (fault) {
      replace(
        list,
        showFault(fault, () => void show()),
      );
    }
  };
  const showForm = async (): Promise<void> => {
    const [inventory, packages] = await Promise.all([readInventory(call), context.rulesPackages.all()]).catch(
      () =>
        [
          // The list says what is wrong; the form does without the names.
          { templates: [], targets: [] },
          new Map<string, string>(),
        ] as const,
    );
    if (signal.aborted) return;
    for (const { arn, name } of inventory.templates) templateNames.set(arn, name);
    replace(
      filtering,
      filterForm({
        filter,
        problems,
        templates: inventory.templates.map((item) => ({
          value: item.arn,
          label: templateLabel(item, inventory.targets),
        })),
        packages: [...packages].map(([value, label]) => ({ value, label })),
        apply: (next) => {
          location.hash = runsLink(next);
        },
      }),
    );
  };

  void showForm().then(show);
  every(REFRESH, signal, async () => {
    if (live) await show();
  });
  return h(
    'section',
    {},
    h(
      'div',
      { class: 'title' },
      h('h1', {}, 'Assessment runs'),
      h('button', { class: 'primary', type: 'button', onclick: () => void start() }, 'Start a run'),
    ),
    filtering,
    list,
  );
}
