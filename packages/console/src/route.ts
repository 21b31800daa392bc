/** Where in the console somebody is. It stands in the address after `#`, so every page can be linked to. */
export type Route =
  | { readonly page: 'runs'; readonly filter: URLSearchParams }
  | { readonly page: 'run'; readonly arn: string; readonly filter: URLSearchParams }
  | { readonly page: 'targets' }
  | { readonly page: 'unknown' };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s);
  if (path === '' || path === '/' || path === '/runs') return { page: 'runs', filter: new URLSearchParams(query) };
  if (path === '/targets') return { page: 'targets' };
  const arn = /^\/runs\/(.+)$/s.exec(path)?.[1];
  return arn === undefined ? { page: 'unknown' } : { page: 'run', arn, filter: new URLSearchParams(query) };
}

export function runsLink(filter?: URLSearchParams): string {
  const query = filter?.toString();
  return query ? `#/runs?${query}` : '#/runs';
}
/** ARNs have only characters that an address may have after `#`. */
export function runLink(arn: string, filter?: URLSearchParams): string {
  const query = filter?.toString();
  return query ? `#/runs/${arn}?${query}` : `#/runs/${arn}`;
}
export const targetsLink = '#/targets';
