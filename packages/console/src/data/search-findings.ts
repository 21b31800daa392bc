import type { CallAssay } from '../api.ts';
import type { FindingSearch, FindingSummary } from './all-findings-csv.ts';
import { after, type Page } from './pages.ts';
import { severities } from './severities.ts';

/**
 * A page of the findings that match, the worst first and the newest of them first: the API orders by time, so each severity
 * is asked for on its own. The token says which severity comes next.
 */
export async function searchWorstFirst(
  assay: CallAssay,
  filter: FindingSearch,
  token: string | undefined,
  size: number,
): Promise<Page<FindingSummary>> {
  const wanted = severities.filter((severity) => filter.severities?.includes(severity) ?? true);
  const [, place = '0', rest = ''] = /^(\d+):(.*)$/s.exec(token ?? '') ?? [];
  const items: FindingSummary[] = [];
  let at = Number(place);
  let next: string | undefined = rest || undefined;
  for (; at < wanted.length; at += 1) {
    const severity = wanted[at] ?? 'Undefined';
    const asked = { filter: { ...filter, severities: [severity] }, maxResults: size - items.length, ...after(next) };
    const { findings, nextToken } = await assay('SearchFindings', asked);
    items.push(...findings);
    next = nextToken;
    if (nextToken !== undefined) return { items, nextToken: `${at}:${nextToken}` };
    if (items.length === size) break;
  }
  return { items, nextToken: at + 1 < wanted.length ? `${at + 1}:` : undefined };
}
