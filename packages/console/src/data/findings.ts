import type { Severity } from '@assay/model/api/values.ts';
import type { Static } from '@assay/model/shape.ts';
import type { Call } from '../api.ts';
import { describeFindings, type Finding } from './describe.ts';
import { after } from './pages.ts';

export type SeverityName = Static<typeof Severity>;

/** Worst first. */
export const severities: readonly SeverityName[] = ['High', 'Medium', 'Low', 'Informational', 'Undefined'];

export interface FindingAttribute {
  readonly key: string;
  readonly value: string;
}

/** A run's findings with every one of the attributes, the worst first, in pages that are full but for the last. */
export async function* findingsOf(
  call: Call,
  run: string,
  wanted: readonly SeverityName[],
  maxResults: number,
  attributes: readonly FindingAttribute[] = [],
): AsyncGenerator<readonly Finding[], undefined> {
  // The API orders by time, so each severity is asked for on its own.
  const order = severities.filter((severity) => wanted.includes(severity));
  let collected: Finding[] = [];
  for (const severity of order) {
    let token: string | undefined;
    do {
      const { findingArns, nextToken } = await call('ListFindings', {
        assessmentRunArns: [run],
        filter: { severities: [severity], ...(attributes.length > 0 ? { attributes: [...attributes] } : {}) },
        maxResults: maxResults - collected.length,
        ...after(token),
      });
      collected.push(...(await describeFindings(call, findingArns)));
      token = nextToken;
      if (collected.length >= maxResults) {
        yield collected;
        collected = [];
      }
    } while (token !== undefined);
  }
  if (collected.length > 0) yield collected;
  return undefined;
}
