import { BlockList, isIP } from 'node:net';

/** What a list of patterns says of a text: a negated pattern that matches decides, whatever else stands in the list. */
export type ListMatch = 'YES' | 'NO' | 'NEGATED';

/** Patterns between commas, as sshd reads them: `*`, `?`, and `!` before one that must not match. */
export function matchesList(text: string, list: string): ListMatch {
  let found: ListMatch = 'NO';
  for (const pattern of list.split(',')) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(text, negated ? pattern.slice(1) : pattern)) continue;
    if (negated) return 'NEGATED';
    found = 'YES';
  }
  return found;
}

/** As {@link matchesList}, for addresses, which may be given with a prefix length. */
export function matchesAddress(address: string, list: string): ListMatch {
  const items = list.split(',').map((item) => {
    const negated = item.startsWith('!');
    const [network = '', bits] = (negated ? item.slice(1) : item).split('/', 2);
    const hit = bits === undefined ? matchesPattern(address, network) : isWithin(address, network, Number(bits));
    return { negated, hit };
  });
  if (items.some(({ negated, hit }) => negated && hit)) return 'NEGATED';
  return items.some(({ negated, hit }) => !negated && hit) ? 'YES' : 'NO';
}

function isWithin(address: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false;
  const networks = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  networks.addSubnet(network, bits, type);
  return isIP(address) === family && networks.check(address, type);
}

/** `*` for any text and `?` for one character; in time that is at most the product of both lengths. */
function matchesPattern(text: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at++;
      resume = index;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
