import type { Input } from '@assay/model/api/operations.ts';
import { parseArn, type Scope } from '@assay/model/arn.ts';
import { report } from '../../engine/jobs/report.ts';
import type { KnowledgeSources } from '../../engine/judging/knowledge-source.ts';
import { assay } from '../../operations/assay/assay.ts';
import type { Authorized } from '../../operations/authorize.ts';
import { ApiError } from '../../operations/errors.ts';
import { createHandler } from '../../operations/handler.ts';
import { inspector } from '../../operations/inspector/inspector.ts';
import { checkMasterKey } from '../../runtime/check-master-key.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { DataDirectory } from '../../runtime/data-directory.ts';
import { operationDeps } from '../../runtime/operation-deps.ts';
import { makeReportInThread } from '../../runtime/reports/report-thread.ts';
import type { Store } from '../../store/store.ts';
import { finishRun } from '../runs/finish-run.ts';
import type { Client } from './client.ts';
import { OperationError } from './operation-error.ts';

const SCOPED = /^arn:[a-z-]+:(?:inspector|assay):([a-z0-9-]{1,64}):(\d{12}):(?!rulespackage)/;

/** Calls operations in this process, on a store that is open here, as an administrator of the account. */
export async function createLocalClient(
  store: Store,
  directory: DataDirectory,
  knowledge: KnowledgeSources,
  scopeName: Scope,
): Promise<Client> {
  await checkMasterKey(store, directory);
  let wanted = false;
  const wakeJobs = (): void => {
    wanted = true;
  };
  const deps = operationDeps({
    ...{ store, directory, now: systemClock.now, ago: systemClock.ago, startedAt: undefined, wakeJobs },
    knowledge,
    feedsUpdater: { running: () => false, start: () => 'UNAVAILABLE' },
    // Whoever asks waits.
    pause: async () => false,
  });
  const handlers = {
    inspector: createHandler(inspector, deps, { strict: false }),
    assay: createHandler(assay, deps, { strict: true }),
  };
  const caller: Authorized = {
    ...scopeName,
    scope: await store.scopes.find(scopeName),
    operator: true,
    accessKeyId: 'operator',
    policy: undefined,
    origin: { address: '127.0.0.1', userAgent: undefined, secure: true },
  };
  /** Whoever has the store may name what is in another account or region by its ARN. */
  const callerFor = async (input: unknown): Promise<Authorized> => {
    const [, region, account] =
      Object.values(input as object)
        .map((each) => SCOPED.exec(String(each)))
        .find(Boolean) ?? [];
    // The first call that writes makes the scope.
    if (region === undefined || account === undefined) return { ...caller, scope: await store.scopes.find(scopeName) };
    return { ...caller, region, account, scope: await store.scopes.find({ region, account }) };
  };
  const call = async (service: keyof typeof handlers, operation: string, input: unknown): Promise<never> => {
    try {
      const from = await callerFor(input);
      const output = await handlers[service].handle(operation, Buffer.from(JSON.stringify(input)), from);
      await store.pending();
      return output as never;
    } catch (error) {
      if (error instanceof ApiError) throw new OperationError(error.type, error.members.errorCode, error.message);
      throw error;
    }
  };
  /** Makes the reports that were asked for, where no server of the store does. */
  const makeReports = async (runArn: string): Promise<void> => {
    if (!wanted || !(await store.takeOver())) return;
    wanted = false;
    const [, , run = ''] = parseArn(runArn)?.ids ?? [];
    const job = report({ store, make: makeReportInThread(directory), now: Date.now });
    const { scope } = await callerFor({ runArn });
    await job.run({ scope, subject: run }, new AbortController().signal);
  };
  return {
    origin: directory.path,
    inspector: async (operation, input) => {
      const output = await call('inspector', operation, input);
      if (operation === 'GetAssessmentReport')
        await makeReports((input as Input<'GetAssessmentReport'>).assessmentRunArn);
      return output;
    },
    download: async (url) => {
      const link = deps.reportLinks.read(url.slice(url.lastIndexOf('/') + 1));
      const found = link && (await store.reports.findById(link.scope, link.report));
      if (found?.status !== 'COMPLETED') throw new CliError('The report is gone; ask for it again.');
      return store.reports.read(link?.scope ?? 0, found);
    },
    finish: async (runArn) => {
      const { scope } = await callerFor({ runArn });
      const [, , id = ''] = parseArn(runArn)?.ids ?? [];
      await finishRun(store, knowledge, { scope, id }, () => undefined);
    },
    assay: (operation, input) => call('assay', operation, input),
    scope: async () => scopeName,
  };
}
