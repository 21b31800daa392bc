import { double, enumeration, integer, list, type Shape, type Static, string, structure } from '../shape.ts';

/**
 * Why something could not be seen. `NOT_COLLECTED`: nobody looked. The host's agent does not know this kind of evidence,
 * or could not deliver it; the server notes that in the document's place.
 */
export const LimitationCode = enumeration(
  'PERMISSION_DENIED',
  'NOT_PRESENT',
  'UNSUPPORTED',
  'TIMED_OUT',
  'TOO_LARGE',
  'UNREADABLE',
  'NOT_COLLECTED',
);

/** Something that a collector looked for and could not see, whole or in part. */
export const Limitation = structure(
  { code: LimitationCode, subject: string({ min: 1, max: 1024 }), detail: string({ max: 2000 }) },
  'code',
  'subject',
);
export type Limitation = Static<typeof Limitation>;

/** Where a piece of evidence was read: a path or a command, and the SHA-256 (hex) of the bytes that were read. */
export const Source = structure(
  { path: string({ min: 1, max: 1024 }), sha256: string({ pattern: /^[0-9a-f]{64}$/ }) },
  'path',
);
export type Source = Static<typeof Source>;

/** A text file as it was read. Files over 256 KiB are not sent: they become a limitation. */
export const TextFile = structure(
  { path: string({ min: 1, max: 1024 }), content: string({ max: 262_144, raw: true }) },
  'path',
  'content',
);
export type TextFile = Static<typeof TextFile>;

/**
 * One document of evidence: what one collector saw on one host at one time. `data` is absent when it saw nothing of
 * use; the limitations then say why. A collector that saw only a part gives `data` and limitations both.
 */
export const document = <const K extends string, const D extends Shape>(kind: K, data: D) =>
  structure(
    {
      kind: enumeration(kind),
      schemaVersion: integer({ min: 1, max: 1 }),
      /** Seconds since the epoch, by the host's clock; the years after 9999 are no time of a clock. */
      collectedAt: double({ min: 0, max: 253_402_300_799 }),
      sources: list(Source, { max: 2000 }),
      limitations: list(Limitation, { max: 2000 }),
      data,
    },
    'kind',
    'schemaVersion',
    'collectedAt',
    'sources',
    'limitations',
  );
