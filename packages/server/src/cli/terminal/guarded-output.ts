/**
 * The one gate to the terminal. All that the command line prints passes it, whoever wrote it: nothing but printable text comes
 * out, and the styles that Assay itself asked for. A host name, a feed or an argument cannot move the cursor, set a window's
 * title or turn a line around.
 */
import { randomBytes } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { type InspectColor, styleText } from 'node:util';
import { printableText } from '@assay/model/safe-text.ts';

type Output = NodeJS.WriteStream;

/** Stands for the escape character of our own styles, until they are through the gate: nobody else can know it. */
const OWN = `\u{FDD0}${randomBytes(16).toString('hex')}\u{FDD1}`;
const ESCAPE = '\u001b';
const guarded = new WeakSet<Output>();

/** Styles a text for a stream: plain where it is not a terminal. */
export function style(format: InspectColor | readonly InspectColor[], text: string, stream: Output): string {
  const styled = styleText(format as InspectColor[], printableText(text), { stream });
  return guarded.has(stream) ? styled.replaceAll(ESCAPE, OWN) : styled;
}

/** Goes back to the beginning of a terminal's line and empties it. */
export const eraseLine = (stream: Output): string =>
  `${guarded.has(stream) ? OWN : ESCAPE}[G${guarded.has(stream) ? OWN : ESCAPE}[2K`;

/** What complaints and warnings begin with: all that a command which is to be quiet says on standard error. */
const COMPLAINT = /^\s*assay: /;
let quiet = false;

/** From now on standard error has complaints and warnings only: no progress, and no advice. */
export function beQuiet(): void {
  quiet = true;
}

/** Bytes that a program reads, as an export has them, stay as they are where the output is not a terminal. */
export function guardOutput(stream: Output): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean;
  const decoder = new StringDecoder('utf8');
  guarded.add(stream);
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    if (typeof chunk !== 'string' && !stream.isTTY && !(quiet && stream === process.stderr))
      return write(chunk, ...rest);
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    if (quiet && stream === process.stderr && !COMPLAINT.test(text)) return true;
    return write(printableText(text).replaceAll(OWN, ESCAPE), ...rest);
  };
}
