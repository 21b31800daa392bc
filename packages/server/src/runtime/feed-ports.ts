import { setGlobalProxyFromEnv } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { VERSION } from '../domain/version.ts';
import { onMirror } from '../feeds/default-feeds.ts';
import type { FeedPorts } from '../feeds/fetch/feed-ports.ts';
import { buildIndexInThread } from './threads/index-thread.ts';

/** Addresses of this machine, which no proxy is asked for: the server and its agent talk over them. */
const OWN = ['localhost', '127.0.0.1', '::1', '[::1]'];

let proxied = false;

/**
 * What taking feeds needs of this process: its clock, and its network by way of the proxy that the environment names
 * (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). `ASSAY_CONTACT` is told to publishers who ask for an address to write to.
 */
export function feedPorts(env: NodeJS.ProcessEnv = process.env): FeedPorts {
  if (!proxied) useProxy(env);
  proxied = true;
  const contact = env.ASSAY_CONTACT?.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 200);
  const about = ['self-hosted vulnerability assessment', ...(contact ? [contact] : [])].join('; ');
  const { ASSAY_FEEDS_MIRROR: mirror } = env;
  return {
    now: () => Date.now(),
    fetch: (url, init) => fetch(url, init),
    sleep: (milliseconds) => delay(milliseconds),
    deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
    buildIndex: buildIndexInThread,
    ...(mirror && { rewrite: (url) => onMirror(mirror, url) }),
    agent: `assay/${VERSION} (${about})`,
  };
}

function useProxy(env: NodeJS.ProcessEnv): void {
  const named = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const [http, https] = [named('HTTP_PROXY'), named('HTTPS_PROXY')];
  if (http === undefined && https === undefined) return;
  const except = [...(named('NO_PROXY') ?? '').split(/[\s,]+/).filter(Boolean), ...OWN].join(',');
  setGlobalProxyFromEnv({
    ...(http !== undefined && { http_proxy: http }),
    ...(https !== undefined && { https_proxy: https }),
    no_proxy: except,
  });
}
