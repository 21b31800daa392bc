import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { eraseLine, guardOutput, style } from '../../../packages/server/src/cli/terminal/guarded-output.ts';
import { renderTable, wrap } from '../../../packages/server/src/cli/terminal/table.ts';

function outputOf({ isTTY }: { isTTY: boolean }) {
  const chunks: unknown[] = [];
  const stream = Object.assign(new Writable(), {
    isTTY,
    columns: 80,
    hasColors: () => isTTY,
    getColorDepth: () => (isTTY ? 8 : 1),
    write: (chunk: unknown) => chunks.push(chunk) > 0,
  }) as unknown as NodeJS.WriteStream;
  guardOutput(stream);
  return { stream, chunks, text: () => chunks.join('') };
}

/** Window title, colour, conceal, cursor, device control, C1's CSI, carriage return, override, isolate, marks, odd line ends. */
const hostile =
  'a\u001b]0;PWNED\u0007\u001b[31m\u001b[8m\u001b[2J\u001bP\u009b31m\rb\u202e\u2066\u200f\u061c\u2028\u0085\u007f\u0000\ufeff\ud800z';
const steers = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe.each([{ isTTY: true }, { isTTY: false }])('%j', ({ isTTY }) => {
  test('nothing of a foreign text steers the terminal, whoever writes it', () => {
    const { stream, text } = outputOf({ isTTY });
    stream.write(`Host ${hostile}\n`);
    stream.write(renderTable([{ title: 'HOST' }, { title: 'WHAT' }], [[hostile, hostile]], 80));
    for (const line of wrap(hostile, 20)) stream.write(`${line}\n`);
    expect(text()).not.toMatch(steers);
    expect(text()).toContain('PWNED');
    expect(text()).toContain('\\u202E');
  });
  test('styles are ours alone, and only on a terminal', () => {
    const { stream, text } = outputOf({ isTTY });
    stream.write(`${style('red', hostile, stream)}${style(['bold', 'cyan'], 'x', stream)}\n`);
    expect(stripVTControlCharacters(text())).not.toMatch(steers);
    expect(text().split('\u001b[31m')).toHaveLength(isTTY ? 2 : 1);
    for (const sequence of ['\u001b[8m', '\u001b]']) expect(text()).not.toContain(sequence);
  });
  test('JSON means what it meant', () => {
    const { stream, text } = outputOf({ isTTY });
    const value = { [hostile]: [hostile, '\u{E0001}', 'plain – ä 漢字 😀', '\\u{1}'] };
    stream.write(`${JSON.stringify(value, null, 2)}\n`);
    expect(text()).not.toMatch(steers);
    expect(JSON.parse(text())).toEqual(value);
  });
  test('lines, tabs and letters of every script stay', () => {
    const { stream, text } = outputOf({ isTTY });
    const plain = 'a\tb\nc,d\r\n„ä“ 漢字 אב 😀 e\u0301\n';
    stream.write(plain);
    expect(text()).toBe(plain);
  });
});

test('a terminal gets its line erased, and bytes are read as text there alone', () => {
  const terminal = outputOf({ isTTY: true });
  terminal.stream.write(eraseLine(terminal.stream));
  expect(terminal.text()).toBe('\u001b[G\u001b[2K');
  const bytes = Buffer.from('{"a":"\u202e"}\n');
  terminal.stream.write(bytes.subarray(0, 7));
  terminal.stream.write(bytes.subarray(7));
  expect(terminal.text()).toBe('\u001b[G\u001b[2K{"a":"\\u202E"}\n');
  const file = outputOf({ isTTY: false });
  file.stream.write(bytes);
  expect(file.chunks).toEqual([bytes]);
});
