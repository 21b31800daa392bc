import { given, historicRun, newId, rulesPackages, scopeOf } from './scenario.ts';
import type { TestServer } from './test-server.ts';

const seedRegion = 'us-west-2';
const seedTarget = 'arn:aws:inspector:us-west-2:123456789012:target/0-0kFIPusq';
export const seedTemplate = `${seedTarget}/template/0-4r1V2mAw`;
const runArn = (id: string): string => `${seedTemplate}/run/${id}`;
/** The runs of the example of ListAssessmentRuns' reference, newest first. */
export const seedRuns = ['0-MKkpXXPE', '0-v5D6fI3v'].map(runArn);
/** When the newest of them was made; each is a second older than the one before. Whole: clients send whole seconds. */
export const seedTime = Date.UTC(2016, 2, 22, 20, 56, 10);

/** The example's template with its two runs and 23 older ones of another name and state. Returns all, newest first. */
export async function addSeedExample(server: TestServer): Promise<string[]> {
  const { store } = server.service;
  const scope = await scopeOf(server, seedRegion);
  const packages = await rulesPackages(server.client(seedRegion));
  const set = await store.transaction((tables) => tables.rulesPackageSets.idOf(packages));
  const ids = ['0-MKkpXXPE', '0-v5D6fI3v', ...Array.from({ length: 23 }, newId)];
  const runs = ids.map((id, at) =>
    historicRun({
      id,
      target: '0-0kFIPusq',
      template: '0-4r1V2mAw',
      rulesPackages: set,
      name: at < 2 ? `Run ${at} for ExampleAssessmentTemplate` : `ночной ${at}`,
      state: at < 2 ? 'COMPLETED' : 'CANCELED',
      createdAt: seedTime - at * 1000,
    }),
  );
  await store.runs.importMany(scope, runs);
  return runs.map(({ id }) => runArn(given(id)));
}

/** All that a client of AWS needs to be told to talk to a server instead: the endpoint, the key and the region. */
export const clientEnvironment = (
  { endpoint }: TestServer,
  key: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  ...(process.env.PYENV_ROOT ? { PYENV_ROOT: process.env.PYENV_ROOT } : {}),
  AWS_ENDPOINT_URL_INSPECTOR: endpoint,
  AWS_ACCESS_KEY_ID: key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  AWS_REGION: seedRegion,
  AWS_DEFAULT_REGION: seedRegion,
});
