/**
 * `npm run accuracy [-- --json] [-- --record]`: how Assay's findings compare with those of reference tools on the same
 * data. Exits with 1 when a number fell below test/accuracy-floor.json or a difference has no explanation.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { belowFloor, floorOf } from '../test/support/accuracy/floor.ts';
import { type Accuracy, measureAccuracy } from '../test/support/accuracy/measure-accuracy.ts';
import { withoutData } from '../test/support/accuracy/shared-data.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean' }, record: { type: 'boolean' } } });

if (withoutData) {
  console.error(`Nothing was measured: ${withoutData}.`);
  process.exitCode = 2;
} else {
  const measured = await measureAccuracy();
  if (values.record) {
    const file = new URL('../test/accuracy-floor.json', import.meta.url);
    writeFileSync(file, `${JSON.stringify(floorOf(measured), undefined, 2)}\n`);
  }
  console.log(values.json ? JSON.stringify(measured.map(plain), undefined, 2) : text(measured));
  const faults = belowFloor(measured);
  if (!values.record && faults.length > 0) {
    console.error(faults.join('\n'));
    process.exitCode = 1;
  }
}

function plain({ oracle, ...numbers }: Accuracy) {
  const { host, explanations: _, ...rest } = oracle;
  return { host: host.file, ...rest, ...numbers };
}

function text(measured: readonly Accuracy[]): string {
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
