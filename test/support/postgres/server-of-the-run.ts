import type { TestProject } from 'vitest/node';
import { openStore } from '../../../packages/server/src/store/store.ts';
import { createDatabase } from './databases.ts';
import { startPostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URLs of databases of the server of this run; undefined in the project that keeps its stores in files. */
    postgres: { readonly maintenance: string; readonly template: string } | undefined;
  }
}

/** Starts the server that all tests of the project share, with a store of this version to copy; gives what ends it. */
export const setup = ({ provide }: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> => share(provide);

/** The same with the programs of a folder. */
export async function share(provide: TestProject['provide'], bin?: string): Promise<() => Promise<void>> {
  const server = await startPostgresServer(bin === undefined ? {} : { bin });
  try {
    const [maintenance, template] = [server.url('postgres'), server.url('assay_template')];
    await createDatabase(maintenance, template);
    await (await openStore({ url: template })).close();
    provide('postgres', { maintenance, template });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server.stop;
}
