import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from '@assay/model/arn.ts';
import { assay } from '../../operations/assay/assay.ts';
import type { Authorized } from '../../operations/authorize.ts';
import { ApiError } from '../../operations/errors.ts';
import { createHandler } from '../../operations/handler.ts';
import { inspector } from '../../operations/inspector/inspector.ts';
import { checkMasterKey } from '../../runtime/check-master-key.ts';
import type { DataDirectory } from '../../runtime/data-directory.ts';
import { operationDeps } from '../../runtime/operation-deps.ts';
import type { Store } from '../../store/store.ts';
import type { Client } from './client.ts';
import { OperationError } from './operation-error.ts';

/** Calls operations in this process, on a store that is open here, as an administrator of the account. */
export async function createLocalClient(store: Store, directory: DataDirectory, scopeName: Scope): Promise<Client> {
  await checkMasterKey(store, directory);
  const pause = async (milliseconds: number): Promise<boolean> => {
    await delay(milliseconds);
    return true;
  };
  const deps = operationDeps({
    store,
    directory,
    now: Date.now,
    startedAt: undefined,
    pause,
    wakeJobs: () => undefined,
  });
  const handlers = {
    inspector: createHandler(inspector, deps, { strict: false }),
    assay: createHandler(assay, deps, { strict: true }),
  };
  const caller: Authorized = {
    ...scopeName,
    scope: await store.scopes.idOf(scopeName),
    operator: true,
    accessKeyId: '',
    policy: undefined,
    origin: { address: '127.0.0.1', userAgent: undefined, secure: true },
  };
  const call = async (service: keyof typeof handlers, operation: string, input: unknown): Promise<never> => {
    try {
      const output = await handlers[service].handle(operation, Buffer.from(JSON.stringify(input)), caller);
      await store.pending();
      return output as never;
    } catch (error) {
      if (error instanceof ApiError) throw new OperationError(error.type, error.members.errorCode, error.message);
      throw error;
    }
  };
  return {
    origin: directory.path,
    inspector: (operation, input) => call('inspector', operation, input),
    assay: (operation, input) => call('assay', operation, input),
    scope: async () => scopeName,
  };
}
