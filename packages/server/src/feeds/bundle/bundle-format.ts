import { parseBoundedJson } from '@assay/model/bounded-json.ts';
import { isFeedName } from '../default-feeds.ts';
import { FeedFault } from '../feed-fault.ts';
import type { FeedPart } from '../feed-state.ts';
import { isFeedKind } from '../sources/feed-kind.ts';

/**
 * A bundle is three lines of text, then the parts, one after the other: what it is, the header (JSON), and the header's
 * Ed25519 signature (base64url). The header has each part's size and SHA-256, so the signature covers every byte.
 */
export const MAGIC = 'assay feeds bundle 1';
export const MAX_HEADER = 16 * 1024 * 1024;

const GIB = 1024 ** 3;
const MAX_FEEDS = 1_000;

export interface BundledFeed {
  readonly name: string;
  readonly part: FeedPart;
}

export interface BundleHeader {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The key that it is signed with, as a word. */
  readonly publicKey: string;
  readonly feeds: readonly BundledFeed[];
}

/** The header of a line whose signature is good. Throws {@link FeedFault} where it is not as it is written here. */
export function parseHeader(line: string): BundleHeader {
  let header: BundleHeader;
  try {
    header = parseBoundedJson(line, { depth: 8, values: 1_000_000 }) as BundleHeader;
  } catch {
    throw new FeedFault('its header is no JSON');
  }
  const { createdAt, publicKey, feeds } = header;
  const names = Array.isArray(feeds) ? feeds.map((feed) => feed?.name) : [];
  const right =
    Number.isSafeInteger(createdAt) &&
    typeof publicKey === 'string' &&
    Array.isArray(feeds) &&
    feeds.length <= MAX_FEEDS &&
    new Set(names).size === names.length &&
    feeds.every(isBundled);
  if (!right) throw new FeedFault('its header is not as a bundle has it');
  return header;
}

const isBundled = (feed: BundledFeed | null): boolean =>
  typeof feed?.name === 'string' && isFeedName(feed.name) && typeof feed.part === 'object' && isPart(feed.part);

const isPart = (part: FeedPart | null): boolean =>
  part !== null &&
  isFeedKind(part.kind) &&
  [part.source, part.digest].every((text) => typeof text === 'string' && text.length <= 2_000) &&
  /^[0-9a-f]{64}$/.test(part.sha256) &&
  /^[A-Za-z0-9._-]{1,200}\.zst$/.test(part.file) &&
  [part.updatedAt, part.bytes, part.records, part.notes].every((count) => Number.isSafeInteger(count) && count >= 0) &&
  part.bytes <= GIB &&
  Array.isArray(part.only) &&
  Array.isArray(part.examples) &&
  typeof part.refused === 'object';
