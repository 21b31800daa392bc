const MOST = 12;

/** `22, 80, 8000–8010`; beyond a dozen of them how many ports there are. */
export function portsText(ports: readonly number[]): string {
  if (ports.length === 0) return 'none';
  const ranges: { low: number; high: number }[] = [];
  for (const port of ports.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last.high === port - 1) last.high = port;
    else ranges.push({ low: port, high: port });
  }
  if (ranges.length > MOST) return `${ports.length} ports`;
  return ranges.map(({ low, high }) => (low === high ? `${low}` : `${low}–${high}`)).join(', ');
}
