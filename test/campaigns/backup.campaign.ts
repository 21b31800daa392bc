import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { InspectorClient } from '@aws-sdk/client-inspector';
import { expect, onTestFinished, test } from 'vitest';
import { rulesPackageArns } from '../../packages/server/src/rules/published-arns.ts';
import { runAssay } from '../cli/run-assay.ts';
import { effort } from '../support/effort.ts';
import { startServerProcess } from '../support/server-process.ts';
import { type SteadyLoad, startSteadyLoad } from '../support/steady-load.ts';
import { newDataDirectory, storeEnvironment, storeKind } from '../support/test-store.ts';

const BACKUPS = effort('backups', 3);
/** Clients that change something while a backup is made. */
const LOADS = 4;
const region = 'eu-west-1';
const credentials = { accessKeyId: 'AKIDBACKUP', secretAccessKey: 'a secret that is only for this campaign' };
const rulesPackage = rulesPackageArns(region).get('Security Best Practices') ?? '';

async function serve(
  directory: string,
): Promise<{ readonly client: InspectorClient; readonly stop: () => Promise<void> }> {
  const server = startServerProcess(directory, {
    ...(await storeEnvironment(directory)),
    ASSAY_ACCESS_KEY_ID: credentials.accessKeyId,
    ASSAY_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  onTestFinished(async () => void (await server.end('SIGKILL')));
  const endpoint = await server.ready;
  if (endpoint === undefined) throw new Error(`The server did not start: ${server.complaints()}`);
  const stop = async (): Promise<void> => expect(await server.end('SIGTERM')).toBe(0);
  return { client: new InspectorClient({ endpoint, region, credentials, maxAttempts: 1 }), stop };
}

const begin = (client: InspectorClient, name: string): SteadyLoad =>
  startSteadyLoad({ name, client: () => client, rulesPackage });

test(`${BACKUPS} backups of a busy server in ${storeKind}: each is restored with all that was acknowledged before it began`, async () => {
  const directory = newDataDirectory();
  const { client, stop } = await serve(directory);
  const loads = Array.from({ length: LOADS }, (_, index) => begin(client, `load ${index}`));
  for (let count = 0; count < BACKUPS; count++) {
    const before = begin(client, `before ${count}`);
    await delay(2000);
    await before.end();
    const file = join(newDataDirectory(), 'assay.tar');
    const calls = loads.reduce((sum, { counts }) => sum + counts.acknowledged, 0);
    const since = performance.now();
    expect(await runAssay(['backup', file, '--data-dir', directory])).toMatchObject({ status: 0 });
    const took = performance.now() - since;
    const meanwhile = loads.reduce((sum, { counts }) => sum + counts.acknowledged, 0) - calls;
    console.info(
      `backup ${count + 1}: ${(statSync(file).size / 1e6).toFixed(1)} MB in ${(took / 1000).toFixed(1)} s with ${meanwhile} calls meanwhile, ` +
        `after ${before.counts.acknowledged} that it must have`,
    );
    expect(meanwhile).toBeGreaterThan(0);

    const target = join(newDataDirectory(), 'restored');
    mkdirSync(target, { mode: 0o700 });
    expect(await runAssay(['restore', file, '--data-dir', target])).toMatchObject({ status: 0 });
    const restored = await serve(target);
    await before.check(restored.client);
    await restored.stop();
  }
  for (const load of loads) {
    await load.end();
    await load.check(client);
    expect(load.complaints).toEqual([]);
    expect(load.counts).toMatchObject({ unavailable: 0, noAnswer: 0 });
  }
  console.info(`the longest call took ${Math.max(...loads.map(({ longest }) => longest())).toFixed(0)} ms`);
  await stop();
}, 600_000);
