import { type Child, h } from '../dom.ts';
import { faultNotice } from './notice.ts';

export interface DialogOptions {
  readonly title: string;
  readonly body: Child;
  /** What the button says that does it. */
  readonly confirm: string;
  readonly danger?: boolean;
  /** Does it. While it runs the buttons rest; a fault is shown and the dialog stays. */
  readonly act: (form: FormData) => Promise<void>;
}

/** Asks before something is done. Opens at once, and takes itself away when closed. */
export function openDialog({ title, body, confirm, danger = false, act }: DialogOptions): void {
  const problem = h('div', {});
  const proceed = h('button', { class: danger ? 'danger' : 'primary', type: 'submit' }, confirm);
  const cancel = h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    problem.replaceChildren();
    proceed.disabled = true;
    try {
      await act(new FormData(form));
      dialog.close();
    } catch (fault) {
      problem.replaceChildren(faultNotice(fault));
    } finally {
      proceed.disabled = false;
    }
  };
  const form = h(
    'form',
    { onsubmit: (event) => void submit(event) },
    h('h2', { id: 'dialog-title' }, title),
    body,
    problem,
    h('div', { class: 'actions end' }, cancel, proceed),
  );
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title', onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
}
