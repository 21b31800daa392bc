import { h } from '../dom.ts';
import { runsLink, targetsLink } from '../route.ts';
import type { Key } from '../sign-request.ts';

const pages = [
  { page: 'runs', label: 'Runs', href: runsLink() },
  { page: 'targets', label: 'Targets', href: targetsLink },
] as const;

/** The bar on top: where one can go and who is signed in. */
export function header(key: Key | undefined, current: string, signOut: () => void): Node[] {
  const brand = h(
    'a',
    { class: 'brand', href: runsLink() },
    h('span', { class: 'mark', 'aria-hidden': 'true' }),
    'Assay',
  );
  if (!key) return [brand];
  return [
    brand,
    h(
      'nav',
      { 'aria-label': 'Pages' },
      pages.map(({ page, label, href }) =>
        h('a', { href, 'aria-current': page === current ? 'page' : undefined }, label),
      ),
    ),
    h(
      'div',
      { class: 'who' },
      h('span', {}, h('span', { class: 'unseen' }, 'Region '), key.region),
      h('span', { class: 'id' }, h('span', { class: 'unseen' }, 'Access key '), key.accessKeyId),
      h('button', { class: 'plain', type: 'button', onclick: signOut }, 'Sign out'),
    ),
  ];
}
