/**
 * `npm run accuracy [-- --json] [-- --record]`: how Assay's findings compare with those of reference tools on the same
 * data. Exits with 1 when a number fell below test/accuracy-floor.json or a difference has no explanation.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { accuracyTable } from '../test/support/accuracy/accuracy-table.ts';
import { belowFloor, floorOf } from '../test/support/accuracy/floor.ts';
import { type Accuracy, measureAccuracy } from '../test/support/accuracy/measure-accuracy.ts';
import { gapFaults, gapsTable, measureGaps } from '../test/support/accuracy/measure-gaps.ts';
import { withoutData } from '../test/support/shared-data.ts';

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
  const gaps = await measureGaps();
  const all = [...measured.map(plain), { gaps }];
  console.log(values.json ? JSON.stringify(all, undefined, 2) : `${accuracyTable(measured)}${gapsTable(gaps)}`);
  const faults = [...belowFloor(measured), ...gapFaults(gaps)];
  if (!values.record && faults.length > 0) {
    console.error(faults.join('\n'));
    process.exitCode = 1;
  }
}

function plain({ oracle, ...numbers }: Accuracy) {
  const { host, explanations: _, ...rest } = oracle;
  return { host: host.file, ...rest, ...numbers };
}
