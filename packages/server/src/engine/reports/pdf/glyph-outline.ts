import type { Path } from 'fontkit';

const ON_CURVE = 1;

/**
 * A path as an entry of the table `glyf`: a simple glyph without instructions, its coordinates as words (OpenType,
 * "glyf - Glyph Data"). For a glyph of a variable font at a weight, whose own entry is that of the lightest.
 */
export function glyphOutline({ commands }: Pick<Path, 'commands'>): Uint8Array {
  const points: { x: number; y: number; flag: number }[] = [];
  const ends: number[] = [];
  const add = (x = 0, y = 0, flag = 0): void => void points.push({ x: Math.round(x), y: Math.round(y), flag });
  for (const { command, args } of commands) {
    if (command === 'closePath') {
      if (points.length > (ends.at(-1) ?? -1) + 1) ends.push(points.length - 1);
    } else if (command === 'quadraticCurveTo') {
      add(args[0], args[1]);
      add(args[2], args[3], ON_CURVE);
    } else if (command === 'bezierCurveTo') throw new Error('A TrueType outline has no cubic curves');
    else add(args[0], args[1], ON_CURVE);
  }
  if (points.length === 0) return new Uint8Array(0);
  const size = 10 + 2 * ends.length + 2 + 5 * points.length;
  const bytes = new DataView(new ArrayBuffer(size + ((4 - (size % 4)) % 4)));
  let at = 0;
  const word = (value: number): void => {
    bytes.setInt16(at, value);
    at += 2;
  };
  word(ends.length);
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  for (const edge of [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]) word(edge);
  for (const end of ends) word(end);
  word(0);
  for (const { flag } of points) bytes.setUint8(at++, flag);
  for (const axis of [xs, ys]) for (const [index, value] of axis.entries()) word(value - (axis[index - 1] ?? 0));
  return new Uint8Array(bytes.buffer);
}
