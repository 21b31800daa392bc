import type { InspectColor } from 'node:util';
import type { AssayOutput } from '@assay/model/assay/operations.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { style } from '../terminal/guarded-output.ts';
import { lineWidth, wrap } from '../terminal/table.ts';
import { dayOfFeed } from './feed-in-milliseconds.ts';

type ExplainedVerdict = AssayOutput<'ExplainVerdict'>;

const answers: Readonly<Record<ExplainedVerdict['outcome'], readonly [string, InspectColor[]]>> = {
  AFFECTED: ['affected', ['red', 'bold']],
  FINDING: ['finding', ['red', 'bold']],
  NOT_AFFECTED: ['not affected', ['green']],
  PASSED: ['passed', ['green']],
  NOT_APPLICABLE: ['not applicable', ['dim']],
  NOT_ASSESSED: ['not assessed', ['yellow']],
};

/** The answer, what decided, and what it was told from: for people. */
export function printExplanation(why: ExplainedVerdict, stream: NodeJS.WriteStream): void {
  const width = lineWidth(stream);
  const write = (text: string, indent: number): void => {
    for (const line of wrap(oneLine(text), width - indent)) stream.write(`${' '.repeat(indent)}${line}\n`);
  };
  const [word, format] = answers[why.outcome];
  const { hostname, agentId } = why;
  const name = hostname === agentId ? hostname : `${hostname} (${agentId})`;
  stream.write(`${oneLine(name)}  ${oneLine(why.subject)}  ${style(format, word, stream)}\n`);
  write(why.reason, 2);
  for (const { heading, lines } of why.sections) {
    stream.write('\n');
    write(heading, 2);
    for (const line of lines) write(line, 4);
  }
  stream.write('\n');
  for (const { kind, of, feeds } of why.knowledge) {
    if (feeds.length === 0) continue;
    const sources = feeds.map((feed) => `${feed.name} of ${dayOfFeed(feed)}`).join(', ');
    const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    write(`${title} ${of === 'run' ? 'that the run was judged by' : 'of now'}: ${sources}`, 2);
  }
  write(`Evidence: ${why.assessmentRunArn}`, 2);
}
