/** `npm run bench [name …] [-- --json]`: runs the benches named, or all. */
import { parseArgs } from 'node:util';
import { assessmentReport } from './assessment-report.ts';
import { listAssessmentRuns } from './list-assessment-runs.ts';
import { formatTable, type Report, toJson } from './report.ts';
import { startUp } from './start-up.ts';

const benches: Readonly<Record<string, () => Promise<Report>>> = {
  'assessment-report': assessmentReport,
  'list-assessment-runs': listAssessmentRuns,
  'start-up': startUp,
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const names = positionals.length > 0 ? positionals : Object.keys(benches);
for (const name of names) {
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!bench) {
    console.error(`There is no bench ${name}: ${Object.keys(benches).join(', ')}`);
    process.exitCode = 2;
    break;
  }
  const report = await bench();
  console.log(values.json ? JSON.stringify(toJson(report)) : formatTable(report));
}
