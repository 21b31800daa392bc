import { ApiFault } from '../api.ts';
import { type Child, h } from '../dom.ts';

/** What went wrong, as the API put it: its type, its code and its message. */
export function faultNotice(fault: unknown, ...actions: Child[]): HTMLElement {
  const known = fault instanceof ApiFault ? fault : undefined;
  const message = fault instanceof Error ? fault.message : String(fault);
  return h(
    'div',
    { class: 'notice bad', role: 'alert' },
    h(
      'div',
      {},
      h('strong', {}, known?.type ?? 'The console failed'),
      known?.errorCode && h('code', {}, known.errorCode),
      h('p', {}, message),
      known?.requestId && h('p', { class: 'quiet' }, `Request ${known.requestId}`),
    ),
    actions.length > 0 && h('div', { class: 'actions' }, actions),
  );
}

/** What a list says when it has nothing: why, and what to do about it. */
export const empty = (title: string, ...more: Child[]): HTMLElement =>
  h('div', { class: 'empty' }, h('h3', {}, title), more);
