import type { Accuracy } from './measure-accuracy.ts';

/** What was measured, a line an oracle, and below it why what differs does. */
export function accuracyTable(measured: readonly Accuracy[]): string {
  const header = ['host', 'advisories', 'tool', 'pairs of', 'ours', 'theirs', 'both', 'precision', 'recall'];
  const differences = ['explained', 'unexplained', 'recall without the explained'];
  const lines = [
    [...header, ...differences],
    ...measured.map(({ oracle, ...each }) => [
      oracle.host.file.replace(/\.[a-z-]+$/, ''),
      oracle.data,
      oracle.tool,
      oracle.names === 'BINARY' ? 'CVE, package' : 'CVE, source',
      ...[each.ours, each.theirs, each.both].map((count) => count.toLocaleString('en-US')),
      ...[each.precision, each.recall].map(percent),
      ...[each.explainedPairs, each.unexplained.length].map((count) => count.toLocaleString('en-US')),
      percent(each.settledRecall),
    ]),
  ];
  const widths = [...header, ...differences].map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const table = lines.map((line) =>
    line.map((cell, at) => (at < 4 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
  const why = measured.flatMap(({ oracle, explained, unexplained }) => {
    const lines = [
      ...explained.map(({ explanation: { side, packages, because, record }, pairs }) => {
        const whose = side === 'THEIRS' ? 'only the tool’s' : 'only ours';
        return `  ${pairs} ${whose}, ${packages.join(', ')}: ${because} (${record})`;
      }),
      ...unexplained.map((pair) => `  not explained: ${pair}`),
    ];
    return lines.length === 0 ? [] : ['', `${oracle.file}:`, ...lines];
  });
  return [...table, ...why].join('\n');
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
