import type { Block, Part } from '../parts/block.ts';
import { facts } from './blocks.ts';
import { text } from './markup.ts';

/** A part of a report as a section. */
export function* partSection({ name, title, blocks }: Part): Generator<string> {
  yield `<section id="${name}"><h2>${text(title)}</h2>\n`;
  for (const block of blocks) yield* blockLines(block);
  yield '</section>\n';
}

function* blockLines(block: Block): Generator<string> {
  switch (block.kind) {
    case 'text':
      yield `<p class="lines${block.tone ? ` ${block.tone}` : ''}">${text(block.text)}</p>\n`;
      return;
    case 'heading':
      yield `<h3>${text(block.text)}</h3>\n`;
      return;
    case 'facts':
      yield facts(block.rows);
      return;
    case 'table': {
      const whole = block.columns.reduce((sum, { share }) => sum + share, 0);
      yield `<table><thead><tr>${block.columns
        .map(({ title, share }) => {
          const width = ` style="width:${Math.round((share / whole) * 100)}%"`;
          return title === '' ? `<td${width}></td>` : `<th scope="col"${width}>${text(title)}</th>`;
        })
        .join('')}</tr></thead><tbody>\n`;
      for (const row of block.rows) {
        yield `<tr>${row
          .map(
            (cell, at) =>
              `<td class="lines">${block.columns[at]?.mono ? `<code>${text(cell)}</code>` : text(cell)}</td>`,
          )
          .join('')}</tr>\n`;
      }
      yield '</tbody></table>\n';
    }
  }
}
