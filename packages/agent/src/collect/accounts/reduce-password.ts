import type { EvidenceData } from '@assay/model/evidence/kinds.ts';

type Account = EvidenceData<'accounts'>['accounts'][number];

/** crypt(5). Only these are ever named, so that nothing of a malformed field can pass for a scheme. */
const SCHEMES = new Set([
  'y',
  'gy',
  '7',
  '6',
  '5',
  '2',
  '2a',
  '2b',
  '2x',
  '2y',
  '1',
  '3',
  'md5',
  'sha1',
  'sm3',
  'sm3y',
]);

/** What may be said of a password field: whether it lets anyone in, and by which scheme. Never a part of a hash. */
export function reducePassword(field: string): Pick<Account, 'password' | 'scheme'> {
  if (field === '') return { password: 'EMPTY' };
  if (field.startsWith('!') || field.startsWith('*')) return { password: 'LOCKED' };
  const scheme = /^\$([a-z0-9]{1,4})[$,]/.exec(field)?.[1];
  if (scheme !== undefined && SCHEMES.has(scheme)) return { password: 'HASHED', scheme };
  if (/^_[./0-9A-Za-z]{19}$/.test(field)) return { password: 'HASHED', scheme: 'BSDI' };
  if (/^[./0-9A-Za-z]{13}$/.test(field)) return { password: 'HASHED', scheme: 'DES' };
  // Shorter than any hash, such as `x` or `NP`: no password gives it.
  return field.length < 13 && !field.startsWith('$') ? { password: 'LOCKED' } : { password: 'HASHED' };
}
