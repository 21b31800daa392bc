import type { Finding } from '../../domain/finding.ts';
import type { FindingDocument } from '../../domain/finding-document.ts';
import type { UserAttribute } from '../../domain/template.ts';
import { packTerms } from './finding-terms.ts';
import { packTexts } from './finding-texts.ts';

/** A finding's document in the columns that are made of it. */
export interface PackedDocument {
  /** See {@link packPairs}. */
  readonly attributes: string;
  readonly userAttributes: string;
  readonly terms: Uint8Array;
  /** Which of the {@link PackedDocuments.texts} has the rest, and in which place there. */
  readonly row: number;
  readonly place: number;
}

/** Documents of findings of one run. */
export interface PackedDocuments {
  readonly documents: readonly PackedDocument[];
  /** See finding-texts.ts. */
  readonly texts: readonly Uint8Array[];
}

export function packDocuments(all: readonly FindingDocument[]): PackedDocuments {
  const { rows, places } = packTexts(all);
  return {
    texts: rows,
    documents: all.map((document, at) => {
      const { row = 0, place = 0 } = places[at] ?? {};
      return { ...packAttributes(document), row, place };
    }),
  };
}

export const packAttributes = (
  own: Pick<FindingDocument, 'attributes' | 'userAttributes'>,
): Pick<PackedDocument, 'attributes' | 'userAttributes' | 'terms'> => ({
  attributes: packPairs(own.attributes),
  userAttributes: packPairs(own.userAttributes),
  terms: packTerms(own),
});

/** JSON of one list, each key with its value after it, null where there is none: a third less than objects. */
function packPairs(pairs: readonly UserAttribute[]): string {
  const list: (string | null)[] = [];
  for (const { key, value = null } of pairs) list.push(key, value);
  return JSON.stringify(list);
}

/** What {@link packAttributes} was given. */
export const unpackAttributes = (
  packed: Pick<PackedDocument, 'attributes' | 'userAttributes'>,
): Pick<FindingDocument, 'attributes' | 'userAttributes'> => ({
  attributes: unpackPairs(packed.attributes),
  userAttributes: unpackPairs(packed.userAttributes),
});

function unpackPairs(packed: string): UserAttribute[] {
  const list = JSON.parse(packed) as readonly (string | null)[];
  const pairs: UserAttribute[] = [];
  for (let at = 0; at < list.length; at += 2) {
    const [key, value] = [list[at] ?? '', list[at + 1] ?? null];
    pairs.push(value === null ? { key } : { key, value });
  }
  return pairs;
}

/** With its document as the store keeps it. */
export type PackedFinding = Omit<Finding, 'document'> & PackedDocument;

/** Findings, and the texts that they refer to. */
export interface PackedFindings {
  readonly findings: readonly PackedFinding[];
  /** See {@link PackedDocuments}: those of a row are of one run. */
  readonly texts: readonly Uint8Array[];
}

/** Their texts go together by run: each row of them is deleted with its run. */
export function packFindings(findings: readonly Finding[]): PackedFindings {
  const texts: Uint8Array[] = [];
  const packed = Array.from(Map.groupBy(findings, ({ run }) => run).values(), (ofRun) => {
    const own = packDocuments(ofRun.map(({ document }) => document));
    const first = texts.length;
    texts.push(...own.texts);
    return ofRun.map(({ document: _, ...finding }, at): PackedFinding => {
      const document = own.documents[at];
      if (!document) throw new Error('A finding was packed without its document');
      return { ...finding, ...document, row: first + document.row };
    });
  });
  return { findings: packed.flat(), texts };
}
