import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InspectorClient } from '@aws-sdk/client-inspector';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export interface OneOfSeveral {
  readonly process: ServerProcess;
  readonly endpoint: string;
  /** Of its own: an SDK client that retries nothing. */
  readonly client: InspectorClient;
}

export interface SeveralServersOptions {
  /** Each server has a data directory of its own below it, with the master key of the first. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
}

/** Starts another server on the database that the environment names, and resolves when it listens. */
export async function startOneOfSeveral(
  name: string,
  first: string | undefined,
  { directory, environment, credentials, region }: SeveralServersOptions,
): Promise<OneOfSeveral> {
  const own = join(directory, name);
  mkdirSync(own, { mode: 0o700 });
  if (first !== undefined) copyFileSync(join(directory, first, 'master.key'), join(own, 'master.key'));
  const process = startServerProcess(own, environment);
  const endpoint = await process.ready;
  if (endpoint === undefined) throw new Error(`The server ${name} did not start: ${process.complaints()}`);
  // A request that hangs is a fault: it must not hide behind patience.
  const requestHandler = { requestTimeout: 30_000, throwOnRequestTimeout: true };
  return {
    process,
    endpoint,
    client: new InspectorClient({ endpoint, region, credentials, maxAttempts: 1, requestHandler }),
  };
}
