import { AssessmentRunState } from '@assay/model/api/values.ts';
import { h } from '../../dom.ts';
import { sentence } from '../../format.ts';
import { choice, field, type Option, range } from '../../ui/fields.ts';
import { type FilterProblem, filledIn, filterFields as names } from './filter.ts';

export interface FilterFormOptions {
  readonly filter: URLSearchParams;
  readonly problems: readonly FilterProblem[];
  readonly templates: readonly Option[];
  readonly packages: readonly Option[];
  readonly apply: (filter: URLSearchParams) => void;
}

const states: readonly Option[] = AssessmentRunState.values.map((value) => ({ value, label: sentence(value) }));
const rarer = [
  names.packages,
  names.minDuration,
  names.maxDuration,
  names.startedFrom,
  names.startedTo,
  names.endedFrom,
  names.endedTo,
  names.changedFrom,
  names.changedTo,
] as const;

/** The seven filters of ListAssessmentRuns and the choice of templates; all that are given must match. */
export function filterForm({ filter, problems, templates, packages, apply }: FilterFormOptions): HTMLFormElement {
  const chosen = (name: string): string[] => filter.getAll(name);
  const text = (label: string, name: string, more: Readonly<Record<string, string>> = {}, hint?: string) =>
    field(label, name, { value: filter.get(name) ?? '', autocomplete: 'off', ...more }, hint);
  const moments = (legend: string, from: string, to: string) =>
    range(
      legend,
      undefined,
      text('From', from, { type: 'datetime-local' }),
      text('To', to, { type: 'datetime-local' }),
    );
  const form = h(
    'form',
    {
      class: 'card filter',
      role: 'search',
      'aria-label': 'Filter runs',
      onsubmit: (event) => {
        event.preventDefault();
        apply(filledIn(new FormData(form)));
      },
    },
    h(
      'div',
      { class: 'fields' },
      text('Name', names.name, { placeholder: 'nightly-*' }, '* stands for anything'),
      choice('State', names.states, states, chosen(names.states), ''),
      choice('Template', names.templates, templates, chosen(names.templates), 'There is no template yet.'),
      h(
        'div',
        { class: 'actions' },
        h('button', { class: 'primary', type: 'submit' }, 'Filter'),
        filter.size > 0 &&
          h('button', { class: 'plain', type: 'button', onclick: () => apply(new URLSearchParams()) }, 'Clear'),
      ),
    ),
    h(
      'details',
      { class: 'more', open: rarer.some((name) => filter.has(name)) },
      h('summary', {}, 'More filters'),
      h(
        'div',
        { class: 'fields' },
        choice('Rules package', names.packages, packages, chosen(names.packages), 'There is no rules package.'),
        range(
          'Duration',
          'The longest that collection may take: 900, 15m, 1h, 2d',
          text('At least', names.minDuration),
          text('At most', names.maxDuration),
        ),
        moments('Started', names.startedFrom, names.startedTo),
        moments('Ended', names.endedFrom, names.endedTo),
        moments('State changed', names.changedFrom, names.changedTo),
      ),
    ),
  );
  for (const { field: name, message } of problems) showProblem(form, name, message);
  return form;
}

/** Says at a field what is wrong with it. */
function showProblem(form: HTMLFormElement, name: string, message: string): void {
  const input = form.querySelector(`[name="${CSS.escape(name)}"]`);
  const id = `problem-${name}`;
  input?.setAttribute('aria-invalid', 'true');
  input?.setAttribute('aria-describedby', id);
  (input?.closest('.field') ?? form).append(h('small', { id, class: 'problem' }, message));
}
