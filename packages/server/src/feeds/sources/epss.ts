import { FeedFault } from '../feed-fault.ts';
import { instantOf } from '../hostile-value.ts';
import type { FeedOutcome } from '../imported-record.ts';
import { cveOf } from '../osv/cve-ids.ts';
import { fileBytes } from './file-bytes.ts';
import { textLines } from './text-lines.ts';

const MAX_BYTES = 512 * 1024 * 1024;
const MAX_LINE = 4096;

/**
 * FIRST's EPSS scores: a line `#model_version:…`, a line `cve,epss,percentile`, then a CVE a line. Throws
 * {@link FeedFault} where the columns are others.
 */
export async function* epssFile(path: string): AsyncGenerator<FeedOutcome> {
  let headed = false;
  let asOf: string | undefined;
  for await (const line of textLines(fileBytes(path, MAX_BYTES), MAX_LINE)) {
    const text = 'text' in line ? line.text : '';
    if (text.startsWith('#')) {
      asOf ??= instantOf(/score_date:([0-9T:.Z+-]+)/.exec(text)?.[1]?.replace(/[+-]0000$/, 'Z'));
      continue;
    }
    if (!headed) {
      if (text !== 'cve,epss,percentile') throw new FeedFault('its columns are not cve, epss and percentile');
      headed = true;
      continue;
    }
    const [id = '', epss = '', percentileText = '', ...rest] = text.split(',');
    const [cve, score, percentile] = [cveOf(id), share(epss), share(percentileText)];
    if (cve === undefined || score === undefined || percentile === undefined || rest.length > 0) {
      yield { refusal: 'unreadable', what: cve ?? `line ${line.number}`, reason: 'it is no score of a CVE' };
    } else {
      yield { item: { kind: 'epss', cve, score, percentile }, ...(asOf !== undefined && { asOf }) };
    }
  }
  if (!headed) throw new FeedFault('it is empty');
}

function share(text: string): number | undefined {
  if (!/^(?:\d(?:\.\d{1,20})?(?:e-\d{1,2})?)$/i.test(text)) return undefined;
  const value = Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}
