import type { AdvisoryRecord, AffectedPackage, Disposition, RangeEvent } from '../../domain/advisories.ts';
import { isSupportEnd, type SupportPhase } from '../../domain/release-support.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedItem } from '../imported-record.ts';

const DISPOSITIONS: ReadonlySet<unknown> = new Set<Disposition>([
  'DEFERRED',
  'WILL_NOT_FIX',
  'END_OF_LIFE',
  'NOT_AFFECTED',
  'UNDETERMINED',
  'UNDER_INVESTIGATION',
]);
const CVE = /^CVE-[0-9]{4}-[0-9]{4,10}$/;

/** One item as a line of a part. */
export const itemLine = (item: FeedItem): string => `${JSON.stringify(item)}\n`;

/** A line of a part as the item that it is, checked member by member. Throws {@link FeedFault}. */
export function itemOfLine(line: string): FeedItem {
  const item = JSON.parse(line) as FeedItem;
  if (!isItem(item)) throw new FeedFault('a line of the part is not as it was written');
  return item;
}

function isItem(item: FeedItem): boolean {
  if (!isObject(item)) return false;
  switch (item.kind) {
    case 'advisory':
      return (
        isObject(item.advisory) &&
        isRecord(item.advisory.record) &&
        every(
          item.advisory.entries,
          (entry) =>
            isObject(entry) &&
            isText(entry.ecosystem) &&
            isOptionalText(entry.repository) &&
            isAffected(entry.affected),
        )
      );
    case 'knownExploited':
      return CVE.test(item.cve) && /^\d{4}-\d\d-\d\d$/.test(item.added);
    case 'withdrawn':
      return isText(item.id);
    case 'epss':
      return CVE.test(item.cve) && isShare(item.score) && isShare(item.percentile);
    case 'support':
      return (
        isObject(item.support) &&
        isText(item.support.release) &&
        isSupportEnd(item.support.security) &&
        every(item.support.extended, isPhase)
      );
    case 'disposition':
      return (
        CVE.test(item.cve) &&
        isText(item.ecosystem) &&
        isText(item.package) &&
        isOptionalText(item.urgency) &&
        ('fixed' in item ? isText(item.fixed) : item.disposition === undefined || DISPOSITIONS.has(item.disposition))
      );
    default:
      return false;
  }
}

const isPhase = (phase: SupportPhase): boolean =>
  isObject(phase) &&
  isText(phase.name) &&
  isSupportEnd(phase.until) &&
  (phase.of === 'EVERYONE' || phase.of === 'SUBSCRIBERS');

const isRecord = (record: AdvisoryRecord): boolean =>
  isObject(record) &&
  isText(record.id) &&
  (record.kind === 'CVE' || record.kind === 'ADVISORY') &&
  every(record.cves, (cve) => CVE.test(cve)) &&
  isText(record.summary) &&
  isText(record.details) &&
  every(
    record.cvss,
    (cvss) => isObject(cvss) && isText(cvss.type) && isText(cvss.vector) && cvss.score >= 0 && cvss.score <= 10,
  ) &&
  isOptionalText(record.rating) &&
  isOptionalText(record.link) &&
  (record.link === undefined || /^https?:\/\//.test(record.link)) &&
  isOptionalText(record.published) &&
  isText(record.modified);

const isAffected = (affected: AffectedPackage): boolean =>
  isObject(affected) &&
  isText(affected.record) &&
  isText(affected.package) &&
  every(affected.ranges, (events) => every(events, isEvent)) &&
  (affected.versions === undefined || every(affected.versions, isText)) &&
  isOptionalText(affected.urgency) &&
  isOptionalText(affected.module) &&
  isOptionalText(affected.remark) &&
  isOptionalText(affected.repository) &&
  isOptionalText(affected.unreadable) &&
  (affected.disposition === undefined || DISPOSITIONS.has(affected.disposition)) &&
  (affected.binaries === undefined ||
    (isObject(affected.binaries) && Object.values(affected.binaries).every((version) => isText(version))));

const isEvent = (event: RangeEvent): boolean =>
  isObject(event) &&
  Object.entries(event).every(
    ([name, version]) => /^(introduced|fixed|lastAffected|limit)$/.test(name) && isText(version),
  );

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 4_000;
const isOptionalText = (value: unknown): boolean => value === undefined || isText(value);
const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
const every = <T>(list: readonly T[], test: (element: T) => boolean): boolean =>
  Array.isArray(list) && list.every((element) => test(element));
