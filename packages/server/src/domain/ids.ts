/** The randomness that ids are made of: a cryptographic source of bytes. */
export type RandomBytes = (count: number) => Uint8Array;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The largest multiple of 62 that a byte can hold: bytes from there on would favour the first characters. */
const FAIR = 248;

/** `0-` and 8 of 62 characters, each as likely as any other (47.6 bits). */
export function newResourceId(random: RandomBytes): string {
  let id = '';
  while (id.length < 8) {
    for (const byte of random(12)) {
      if (byte < FAIR && id.length < 8) id += ALPHABET[byte % ALPHABET.length];
    }
  }
  return `0-${id}`;
}

/**
 * Ids that follow each other from one by {@link newResourceId} on: an index takes them in one place, and many of them
 * meet those of others less often than as many by themselves.
 */
export function newResourceIds(random: RandomBytes, count: number): string[] {
  const base = ALPHABET.length;
  // 62 ** 8 is 2.2e14, which a number holds exactly.
  let first = 0;
  for (const digit of newResourceId(random).slice(2)) first = first * base + ALPHABET.indexOf(digit);
  return Array.from({ length: count }, (_, at) => {
    let left = (first + at) % base ** 8;
    let id = '';
    for (let digit = 0; digit < 8; digit++) {
      id = ALPHABET.charAt(left % base) + id;
      left = Math.floor(left / base);
    }
    return `0-${id}`;
  });
}

/** `i-` and 17 hexadecimal digits, as instance ids are written. */
export const newAgentId = (random: RandomBytes): string => `i-${Buffer.from(random(9)).toString('hex').slice(0, 17)}`;
