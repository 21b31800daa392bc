import { InvalidArgumentError } from 'commander';

const MOST = 4096;

/** Reads `22,80,8000-8010`. */
export function portsOption(text: string): number[] {
  const ports = new Set<number>();
  for (const part of text.split(',')) {
    const [, low = '', high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const [from, to] = [Number(low), Number(high)];
    if (low === '' || from < 1 || to > 65_535 || from > to) {
      throw new InvalidArgumentError('Ports such as 22,80,8000-8010.');
    }
    for (let port = from; port <= to; port++) ports.add(port);
    if (ports.size > MOST) throw new InvalidArgumentError(`At most ${MOST} ports.`);
  }
  return [...ports].sort((a, b) => a - b);
}
