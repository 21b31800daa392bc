/**
 * `npm run campaign [NAME …] [-- --OPTION N …] [-- --seed N] [-- --within SECONDS]`: runs long tests whole. Without a name
 * it lists them; `all` names every one. Exits with 1 when one failed, with 2 when the command line makes no sense.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readSeed } from '../support/test-seed.ts';
import { campaigns } from './campaigns.ts';
import { type Chosen, choose, environmentOf } from './choose.ts';

const root = join(import.meta.dirname, '../..');

function list(): void {
  const width = Math.max(...Object.keys(campaigns).map((name) => name.length));
  for (const [name, { about, options, seconds }] of Object.entries(campaigns)) {
    console.log(`${name.padEnd(width)}  ${about} (about ${seconds} s)`);
    for (const [option, { about: what, value }] of Object.entries(options)) {
      console.log(`${' '.repeat(width)}    -- --${option} N   ${what}; ${value} unless given`);
    }
  }
  console.log('\nRun one with: npm run campaign NAME [-- --seed N]');
}

function run(name: string, given: Chosen['environment'], seed: number): boolean {
  const campaign = campaigns[name];
  if (!campaign) return false;
  const own = environmentOf(campaign, given);
  const shown = Object.entries({ ...own, ASSAY_TEST_SEED: seed }).map(([variable, value]) => `${variable}=${value}`);
  console.log(`campaign ${name}: ${shown.join(' ')}`);
  const projects = campaign.stores.flatMap((store) => ['--project', `${store}*`]);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...projects, ...campaign.files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...own, ASSAY_TEST_SEED: String(seed), ASSAY_TEST_MATRIX: '1' },
  });
  const passed = status === 0;
  if (!passed) console.error(`campaign ${name} FAILED; npm run campaign ${name} -- --seed ${seed} repeats it`);
  return passed;
}

try {
  const chosen = choose(process.argv.slice(2), campaigns);
  if (chosen.run.length + chosen.left.length === 0) list();
  const seed = readSeed(chosen.environment.ASSAY_TEST_SEED ?? process.env.ASSAY_TEST_SEED);
  const failed = chosen.run.filter((name) => !run(name, chosen.environment, seed));
  for (const name of chosen.left)
    console.log(`SKIPPED: campaign ${name}, which takes about ${campaigns[name]?.seconds} s`);
  if (failed.length > 0) process.exitCode = 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
