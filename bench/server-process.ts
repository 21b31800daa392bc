import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { assayProgram } from '../test/support/assay-program.ts';

/** A program that serves, from when it was started until it answered 200. */
export interface Started {
  readonly milliseconds: number;
  readonly endpoint: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export const benchKey = { accessKeyId: 'ASSAYBENCH', secretAccessKey: 'bench secret' } as const;

/** `assay serve` over a data directory, and a database where there is one, with {@link benchKey}. */
export const startAssay = (directory: string, database?: string): Promise<Started> =>
  start((port) => [assayProgram, 'serve', '--port', String(port), '--data-dir', directory], {
    env: database === undefined ? {} : { ASSAY_DATABASE_URL: database },
  });

/** Starts this Node, or another program, with arguments that make it listen on a port, and waits until it answers. */
export async function start(
  args: (port: number) => readonly string[],
  {
    program = process.execPath,
    path = '/health',
    env = {},
  }: {
    readonly program?: string;
    readonly path?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Started> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(program, args(port), {
    stdio: ['ignore', 'ignore', program === process.execPath ? 'inherit' : 'ignore'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ASSAY_ACCESS_KEY_ID: benchKey.accessKeyId,
      ASSAY_SECRET_ACCESS_KEY: benchKey.secretAccessKey,
      ...env,
    },
  });
  const exited = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  while (!(await answers(`${endpoint}${path}`))) {
    if (child.exitCode !== null) throw new Error(`The server ended with status ${child.exitCode}`);
    await delay(2);
  }
  return {
    milliseconds: performance.now() - began,
    endpoint,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
