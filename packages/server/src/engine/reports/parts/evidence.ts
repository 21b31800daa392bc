import type { ReportData } from '../report-data.ts';
import { formatTime } from '../report-words.ts';
import type { Block, Part } from './block.ts';

/** What each host delivered, as digests. */
export function evidencePart({ hosts, type }: ReportData): Part {
  const delivered = hosts.filter(({ evidence }) => evidence !== undefined);
  const blocks: Block[] =
    delivered.length === 0
      ? [{ kind: 'text', text: 'No evidence of this run is kept.' }]
      : [
          {
            kind: 'text',
            text: 'A host\'s digest is the SHA-256 of the lines "kind sha256" of its documents, in the order of the kinds, each ended by a newline. A FULL report lists the documents.',
            tone: 'soft',
          },
          {
            kind: 'table',
            columns: [
              { title: 'Host', share: 36 },
              { title: 'Documents', share: 12 },
              { title: 'SHA-256', share: 52, mono: true },
            ],
            rows: delivered.map(({ hostname, agent = '', evidence }) => [
              hostname === agent ? hostname : `${hostname}\n${agent}`,
              String(evidence?.documents ?? 0),
              evidence?.digest ?? '',
            ]),
          },
        ];
  if (type === 'FULL') {
    for (const { hostname, evidence } of delivered) {
      blocks.push(
        { kind: 'heading', text: hostname },
        {
          kind: 'table',
          columns: [
            { title: 'Document', share: 20 },
            { title: 'Collected', share: 22 },
            { title: 'Bytes', share: 10 },
            { title: 'SHA-256', share: 48, mono: true },
          ],
          rows: (evidence?.listed ?? []).map(({ kind, collectedAt, size, digest }) => [
            kind,
            formatTime(collectedAt),
            String(size),
            digest,
          ]),
        },
      );
    }
  }
  return { name: 'evidence', title: 'Digests of the evidence', blocks };
}
