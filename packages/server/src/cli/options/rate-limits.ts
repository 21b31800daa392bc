import { InvalidArgumentError } from 'commander';
import { defaultRateLimits, type RateLimits, rateOf } from '../../wire/rate-limit.ts';

const RATE = String.raw`(\d{1,6}(?:\.\d{1,3})?)`;
const RATES = new RegExp(`^${RATE}(?:,${RATE})?$`);

/** `READS` or `READS,WRITES`, calls a second, or `off`; writes are a quarter of the reads unless said. */
export function parseRateLimits(text: string): RateLimits | 'off' {
  if (text === 'off') return 'off';
  const [, reads, writes] = RATES.exec(text) ?? [];
  const perSecond = { reads: Number(reads), writes: writes === undefined ? Number(reads) / 4 : Number(writes) };
  if (!(perSecond.reads > 0 && perSecond.writes > 0)) {
    throw new InvalidArgumentError('It must be reads a second, or reads,writes, such as 200,50; or off.');
  }
  return { reads: rateOf(perSecond.reads), writes: rateOf(perSecond.writes) };
}

/** The limits of a server: those given, else the default where anybody but its own host can ask, else none. */
export function rateLimitsOf(
  given: RateLimits | 'off' | undefined,
  { exposed }: { readonly exposed: boolean },
): RateLimits | undefined {
  if (given === 'off') return undefined;
  return given ?? (exposed ? defaultRateLimits : undefined);
}
