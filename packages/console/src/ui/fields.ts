import { type Child, h } from '../dom.ts';

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** A field under its label; `hint` is read with it. */
export function field(
  label: string,
  name: string,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  hint?: string,
): HTMLElement {
  const id = `field-${name}`;
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    h('input', { id, name, type: 'text', 'aria-describedby': hint && `${id}-hint`, ...attributes }),
    hint && h('small', { id: `${id}-hint` }, hint),
  );
}

/** Any number of options, folded away behind how many are chosen. */
export function choice(
  label: string,
  name: string,
  options: readonly Option[],
  chosen: readonly string[],
  none: Child,
): HTMLElement {
  const said = h('span', { class: 'chosen' });
  const boxes = options.map(({ value, label: text }) => {
    const box = h('input', { type: 'checkbox', name, value, checked: chosen.includes(value), onchange: () => say() });
    return { box, text, row: h('label', {}, box, ' ', h('span', {}, text)) };
  });
  const say = (): void => {
    const on = boxes.filter(({ box }) => box.checked);
    said.textContent = on.length === 0 ? 'any' : on.length === 1 ? (on[0]?.text ?? '') : `${on.length} chosen`;
  };
  say();
  const fold = h(
    'details',
    {
      class: 'choice',
      onfocusout: (event) => {
        const next = (event as FocusEvent).relatedTarget;
        if (next instanceof Node && !fold.contains(next)) fold.open = false;
      },
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key !== 'Escape' || !fold.open) return;
        fold.open = false;
        fold.querySelector('summary')?.focus();
      },
    },
    h('summary', {}, h('span', { class: 'label' }, label), said),
    h(
      'fieldset',
      {},
      h('legend', { class: 'unseen' }, label),
      boxes.length > 0 ? boxes.map(({ row }) => row) : h('p', { class: 'quiet' }, none),
    ),
  );
  return h('div', { class: 'field' }, fold);
}

/** The two ends of a range. */
export const range = (legend: string, hint: string | undefined, ...ends: Child[]): HTMLElement =>
  h('fieldset', { class: 'range' }, h('legend', {}, legend), h('div', {}, ends), hint && h('small', {}, hint));
