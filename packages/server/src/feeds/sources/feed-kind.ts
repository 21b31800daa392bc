import { FeedFault } from '../feed-fault.ts';
import { fileBytes, headOf, isZip } from './file-bytes.ts';

/** Sources of feeds and what they are in. */
export const FEED_KINDS = [
  'osv',
  'kev',
  'epss',
  'ends-of-life',
  'debian-tracker',
  'secdb',
  'updateinfo',
  'photon',
  'ubuntu-vex',
  'rocky-errata',
  'csaf-vex',
] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** Whether a feed says more of every host, whatever its distribution, and holds no advisories. */
export const isOfAll = (kind: FeedKind | undefined): boolean =>
  kind === 'kev' || kind === 'epss' || kind === 'ends-of-life';

/**
 * Whether a feed only says more of what others have records of: it has no fixes, so a release that nothing else is read of
 * is not covered by it.
 */
export const isSupplement = (kind: string): boolean => kind === 'ubuntu-vex';

/** Feeds that take minutes: nobody waits for them. */
export const isLarge = (kind: FeedKind | undefined): boolean =>
  kind === 'ubuntu-vex' || kind === 'rocky-errata' || kind === 'csaf-vex';

export const isFeedKind = (text: string): text is FeedKind => (FEED_KINDS as readonly string[]).includes(text);

/** What a file is, by its first bytes. Throws {@link FeedFault} where they tell nothing. */
export async function detectKind(path: string): Promise<FeedKind> {
  if (isZip(await headOf(path, 4))) return 'osv';
  let text = '';
  for await (const chunk of fileBytes(path)) {
    text += Buffer.from(chunk).toString('latin1');
    if (text.length >= 8192) break;
  }
  if (text.slice(257, 262) === 'ustar') {
    // An archive: the names of what is in it tell, or what the first document says of itself.
    if (/(?:^|\/)vex(?:\/|-all)|openvex\.dev/.test(text)) return 'ubuntu-vex';
    if (/(?:^|\/)osv\/|"schema_version"/.test(text)) return 'osv';
    if (/^[\w.+-]+\.xml\.gz\0/.test(text)) return 'updateinfo';
  }
  const begin = text.slice(0, 8192).trimStart();
  if (/^(#model_version|cve,epss)/.test(begin)) return 'epss';
  if (/^version,codename,/.test(begin) || /^\{[\s\S]*"generated_at"[\s\S]*"result"/.test(begin)) return 'ends-of-life';
  if (/^<(?:!doctype\s+html|html)\b/i.test(begin)) {
    throw new FeedFault('it is a web page, as of a sign-in or an error, and no feed: open its address in a browser');
  }
  if (begin.startsWith('<')) return 'updateinfo';
  if (/^\{\s*"(?:advisories"\s*:\s*\[\s*\{\s*"id"\s*:\s*\d|id"\s*:\s*\d+\s*,\s*"created_at)/.test(begin))
    return 'rocky-errata';
  if (/"csaf_vex"/.test(begin)) return 'csaf-vex';
  if (/"(catalogVersion|cveID)"/.test(begin)) return 'kev';
  if (/"(distroversion|reponame)"/.test(begin)) return 'secdb';
  if (/^\[\s*\{\s*"cve_id"/.test(begin)) return 'photon';
  if (/^\{\s*"[^"]+"\s*:\s*\{\s*"(CVE|TEMP)-/.test(begin)) return 'debian-tracker';
  if (/^\{[\s\S]*"(id|schema_version|affected|modified)"/.test(begin)) return 'osv';
  if (begin === '') throw new FeedFault('it is empty');
  throw new FeedFault('nothing tells what it is: say so with --kind');
}
