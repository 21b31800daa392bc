import { ALL_PORTS, NONE, type Ranges, subtract } from './ranges.ts';

/**
 * For which destination ports something matches a packet. With `unsure` it matches those only if something holds that
 * cannot be decided, and no others.
 */
export interface Answer {
  readonly ports: Ranges;
  readonly unsure?: string;
}

export const YES: Answer = { ports: ALL_PORTS };
export const NO: Answer = { ports: NONE };
export const unsure = (what: string): Answer => ({ ports: ALL_PORTS, unsure: what });
export const decided = (matches: boolean): Answer => (matches ? YES : NO);

export const negated = ({ ports, unsure: what }: Answer): Answer =>
  what === undefined ? { ports: subtract(ALL_PORTS, ports) } : unsure(what);
