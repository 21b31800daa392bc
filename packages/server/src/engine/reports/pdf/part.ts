import type { Block } from '../parts/block.ts';
import type { Column, Flow } from './flow.ts';
import { page } from './paper.ts';
import { styles } from './styles.ts';

const WIDTH = page.right - page.left;
const GAP = 8;
const LABEL = 130;

/** The blocks of a part, one below the other; its heading is there. Yields after each row. */
export function* drawBlocks(flow: Flow, blocks: readonly Block[]): Generator<void> {
  const { wrap } = flow.paper.typesetting;
  for (const block of blocks) {
    switch (block.kind) {
      case 'text':
        flow.paragraph(
          block.text,
          block.tone === 'lead' ? styles.lead : block.tone === 'soft' ? styles.smallSoft : styles.body,
        );
        flow.space(8);
        break;
      case 'heading':
        flow.space(6);
        flow.need(90);
        flow.paragraph(block.text, styles.h2);
        flow.space(4);
        break;
      case 'facts':
        for (const [at, [label, value]] of block.rows.entries()) {
          if (at === 0) {
            flow.head([
              { title: '', x: page.left + 4, width: LABEL, header: true },
              { title: '', x: page.left + 12 + LABEL, width: WIDTH - LABEL - 16 },
            ]);
          }
          flow.row([wrap(label, styles.smallSoft, LABEL), wrap(value, styles.small, WIDTH - LABEL - 16)]);
        }
        flow.space(10);
        break;
      case 'table': {
        const columns = columnsOf(block.columns.map(({ title, share }) => ({ title, share })));
        flow.head(columns);
        for (const row of block.rows) {
          flow.row(
            columns.map(({ width }, at) =>
              wrap(row[at] ?? '', block.columns[at]?.mono ? styles.mono : styles.small, width),
            ),
          );
          yield;
        }
        flow.space(10);
      }
    }
  }
}

function columnsOf(given: readonly { readonly title: string; readonly share: number }[]): Column[] {
  const whole = given.reduce((sum, { share }) => sum + share, 0);
  let x = page.left + 4;
  return given.map(({ title, share }) => {
    const width = (share / whole) * (WIDTH - 4);
    const column = { title, x, width: width - GAP };
    x += width;
    return column;
  });
}
