import { ApiFault, createCall } from '../../api.ts';
import { h } from '../../dom.ts';
import type { Key } from '../../sign-request.ts';
import { field } from '../../ui/fields.ts';
import { faultNotice } from '../../ui/notice.ts';

/** Asks for a key, tries it with one call, and hands it on. */
export function signInPage(signedIn: (key: Key) => void): HTMLElement {
  // Browsers have WebCrypto on https and on localhost only.
  const canSign = globalThis.isSecureContext;
  const problem = h('div', {});
  const button = h('button', { class: 'primary', type: 'submit', disabled: !canSign }, 'Sign in');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const key = { accessKeyId: text('access-key'), secretAccessKey: text('secret'), region: text('region') };
    problem.replaceChildren();
    button.disabled = true;
    try {
      await createCall(location.origin, key)('ListRulesPackages', { maxResults: 1 }).catch((fault: unknown) => {
        // The key is good; what it may do is another question.
        if (!(fault instanceof ApiFault) || fault.type !== 'AccessDeniedException') throw fault;
      });
      signedIn(key);
    } catch (fault) {
      problem.replaceChildren(faultNotice(fault));
    } finally {
      button.disabled = false;
    }
  };
  const typed = { autocapitalize: 'none', spellcheck: 'false', required: true } as const;
  return h(
    'section',
    { class: 'sign-in' },
    h('h1', {}, 'Sign in'),
    h(
      'p',
      { class: 'quiet' },
      'With an access key of this server. It stays in this tab and is forgotten when the tab is closed.',
    ),
    !canSign &&
      h(
        'div',
        { class: 'notice bad', role: 'alert' },
        h(
          'p',
          {},
          'This page came over plain HTTP, where browsers do not sign. Open it through HTTPS, or as localhost on the server’s own machine.',
        ),
      ),
    h(
      'form',
      { class: 'card', onsubmit: (event) => void submit(event) },
      field('Access key', 'access-key', { ...typed, autocomplete: 'username' }),
      field('Secret key', 'secret', { ...typed, type: 'password', autocomplete: 'current-password' }),
      field(
        'Region',
        'region',
        { ...typed, value: 'us-east-1', pattern: '[a-z0-9\\-]{1,64}' },
        'Runs, targets and findings are kept by region.',
      ),
      problem,
      button,
    ),
    h(
      'details',
      { class: 'help' },
      h('summary', {}, 'Where do I get a key?'),
      h(
        'p',
        {},
        'The server shows its first key once, when it is started for the first time. Another is made on the server with',
      ),
      h('pre', {}, 'assay keys create'),
    ),
  );
}
