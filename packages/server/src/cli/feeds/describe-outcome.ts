import type { FeedOutcomeSummary } from '../../feeds/update-feeds.ts';

/** One line, with its end, that says how the update of a feed went. */
export function describeOutcome({ name, outcome, part, error }: FeedOutcomeSummary): string {
  if (outcome === 'failed') {
    const rest = part ? `; that of ${new Date(part.updatedAt).toISOString().slice(0, 10)} still serves` : '';
    return `${name}: failed: ${error}${rest}\n`;
  }
  if (!part || outcome === 'skipped') return `${name}: nothing of what is wanted\n`;
  const { unreadable, withdrawn } = part.refused;
  const said = [
    `${part.records.toLocaleString('en')} records`,
    ...(withdrawn > 0 ? [`${withdrawn.toLocaleString('en')} withdrawn`] : []),
    ...(part.refused['names no CVE'] > 0 ? [`${part.refused['names no CVE'].toLocaleString('en')} without a CVE`] : []),
    ...(unreadable > 0 ? [`${unreadable.toLocaleString('en')} unreadable (${part.examples[0]})`] : []),
  ];
  return `${name}: ${outcome}, ${said.join(', ')}\n`;
}
