import { useMemo, useSyncExternalStore } from 'react';
import { parseRoute, type Route } from './route.ts';

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

/** Where somebody is. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

export const goTo = (href: string): void => {
  location.hash = href;
};

/** Changes what the address says of the place that somebody is at; Back does not stop there. */
export function replaceQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const { query } = parseRoute(location.hash);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const [path = '#/'] = location.hash.split('?');
  const asked = query.toString();
  const next = `${path || '#/'}${asked ? `?${asked}` : ''}`;
  if (next === location.hash) return;
  history.replaceState(history.state, '', next);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Changes lists of values in the address of the place that somebody is at; Back takes the change away again. */
export function pushQuery(changes: Readonly<Record<string, readonly string[]>>): void {
  const { query } = parseRoute(location.hash);
  for (const [name, values] of Object.entries(changes)) {
    query.delete(name);
    for (const value of values) query.append(name, value);
  }
  const [path = '#/'] = location.hash.split('?');
  const asked = query.toString();
  goTo(`${path || '#/'}${asked ? `?${asked}` : ''}`);
}
