import { isIP } from 'node:net';

/** The name in a Host header, in lower case, without its port and brackets; '' for what is not one. */
function nameOf(host: string): string {
  const [, bracketed, plain = ''] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9._-]{1,253}))(?::\d{1,5})?$/.exec(host.toLowerCase()) ?? [];
  return bracketed ?? plain.replace(/\.$/, '');
}

/** True for the names by which only this machine is meant. */
export function isLoopbackHost(host: string): boolean {
  const name = nameOf(host);
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && /^127\./.test(name))
  );
}

/** Which Host headers a browser may send. */
export interface AllowedHosts {
  /** Names that the operator gave; any, where there are none and the server does not listen on loopback alone. */
  readonly names: readonly string[];
  readonly loopbackOnly: boolean;
}

/**
 * False for a name that this server does not go by. A page of another site can point its own name at this server's address
 * and so read what needs no key; addresses cannot be pointed anywhere.
 */
export function isAllowedHost(host: string | undefined, { names, loopbackOnly }: AllowedHosts): boolean {
  if (names.length === 0 && !loopbackOnly) return true;
  const name = nameOf(host ?? '');
  return isIP(name) > 0 || isLoopbackHost(name) || names.some((given) => nameOf(given) === name && name !== '');
}
