/** Whom an address belongs to: an IPv4 address itself, and of an IPv6 address its /64, which one host may have all of. */
export function networkOf(address: string): string {
  if (address.includes('.') || !address.includes(':')) return address;
  const [before = '', after] = address.split('::');
  const groups = before === '' ? [] : before.split(':');
  const rest = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : 8 - groups.length - rest.length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...rest].slice(0, 4).join(':');
}
