import { createCall, refusesKey } from './api.ts';
import type { Context } from './context.ts';
import { createRulesPackageNames } from './data/rules-packages.ts';
import { type Child, h } from './dom.ts';
import { signInOnce } from './one-time-sign-in.ts';
import { runPage } from './pages/run/page.ts';
import { runsPage } from './pages/runs/page.ts';
import { signInPage } from './pages/sign-in/page.ts';
import { targetsPage } from './pages/targets/page.ts';
import { parseRoute, type Route, runsLink } from './route.ts';
import { forgetKey, keepKey, readKey } from './session.ts';
import type { Key } from './sign-request.ts';
import { header } from './ui/header.ts';
import { empty, faultNotice } from './ui/notice.ts';

// Starts the console: shows the page that the address names, and sign-in before it where nobody is signed in.
const bar = need('header');
const main = need('main');
const announcer = need('announcer');
let leaving = new AbortController();
let session: { readonly key: Key; readonly parts: Pick<Context, 'call' | 'rulesPackages'> } | undefined;

const once = await signInOnce({
  location,
  replaceAddress: (address) => history.replaceState(null, '', address),
  fetch: (...request) => fetch(...request),
}).catch((problem: Error) => {
  announcer.textContent = problem.message;
  return undefined;
});
if (once) keepKey(once);
const stored = readKey();
if (stored) session = open(stored);
window.addEventListener('hashchange', () => show());
// Followed as a link it would name a page that is not there.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
show();

function open(key: Key): NonNullable<typeof session> {
  const call = createCall(location.origin, key);
  return { key, parts: { call, rulesPackages: createRulesPackageNames(call) } };
}

function show(): void {
  leaving.abort();
  leaving = new AbortController();
  const route = parseRoute(location.hash);
  bar.replaceChildren(...header(session?.key, route.page === 'run' ? 'runs' : route.page, signOut));
  main.replaceChildren(
    session ? page(route, contextOf(session.parts, leaving.signal)) : signInPage((key) => signIn(key)),
  );
  document.title = `${main.querySelector('h1')?.textContent || 'Run'} · Assay`;
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function page(route: Route, context: Context): HTMLElement {
  switch (route.page) {
    case 'runs':
      return runsPage(context, route.filter);
    case 'run':
      return runPage(context, route.arn, route.filter);
    case 'targets':
      return targetsPage(context);
    case 'unknown':
      return empty('There is no such page', h('p', {}, h('a', { href: runsLink() }, 'Back to runs')));
  }
}

function contextOf(parts: Pick<Context, 'call' | 'rulesPackages'>, signal: AbortSignal): Context {
  return {
    ...parts,
    signal,
    announce: (text) => {
      announcer.textContent = text;
    },
    showFault: (fault, retry): Child =>
      faultNotice(
        fault,
        retry && h('button', { type: 'button', onclick: retry }, 'Try again'),
        refusesKey(fault) && h('button', { type: 'button', onclick: signOut }, 'Sign in again'),
      ),
  };
}

function signIn(key: Key): void {
  keepKey(key);
  session = open(key);
  show();
}

function signOut(): void {
  forgetKey();
  session = undefined;
  show();
}

function need(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}
