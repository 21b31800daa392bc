import { setTimeout as delay } from 'node:timers/promises';
import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import type { Scope } from '@assay/model/arn.ts';
import { assayModel } from '@assay/model/assay/assay-model.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { hasEnded } from '../../domain/run-machine.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { signRequest } from '../../wire/sigv4/sign.ts';
import type { Credentials } from './aws-profile.ts';
import type { Client } from './client.ts';
import { OperationError } from './operation-error.ts';

/** An answer that takes longer than this is given up, in milliseconds. */
const TIMEOUT = 30_000;
/** How often a call is made before it is given up: the server is busy, or asks for less. */
const ATTEMPTS = 4;
/** How often a run that is waited for is looked at, in milliseconds. */
const LOOK_EVERY = 500;
const RETRIED = ['ThrottlingException', 'ServiceTemporarilyUnavailableException'];

/** Calls a server as any other client would: signed, over HTTP. */
export function createRemoteClient(endpoint: string, region: string, credentials: Credentials): Client {
  const url = endpointOf(endpoint);
  const call = async (service: typeof inspectorModel | typeof assayModel, operation: string, input: unknown) => {
    for (let attempt = 1; ; attempt++) {
      const { ok, answer } = await send(url, region, credentials, { service, operation, input });
      if (ok) return answer;
      const type = String(answer.__type);
      if (!RETRIED.includes(type) || attempt === ATTEMPTS) {
        throw new OperationError(type, answer.errorCode, `${operation} was refused: ${type}: ${answer.message}`);
      }
      await delay(2 ** attempt * 100);
    }
  };
  let scope: Promise<Scope> | undefined;
  const inspector: Client['inspector'] = async (operation, input) =>
    (await call(inspectorModel, operation, input)) as never;
  const assay: Client['assay'] = async (operation, input) => (await call(assayModel, operation, input)) as never;
  return {
    origin: endpoint,
    inspector,
    assay,
    download: async (link) => {
      // Where a proxy changed the host's name, the server's links have the name that it knows.
      const { pathname } = new URL(link, url);
      const response = await fetch(new URL(pathname, url), { signal: AbortSignal.timeout(TIMEOUT) });
      if (!response.ok || !response.body) {
        throw new CliError(`${url} did not give the report: ${oneLine(await response.text())}`);
      }
      return response.body;
    },
    finish: async (runArn) => {
      for (;;) {
        const { assessmentRuns } = await inspector('DescribeAssessmentRuns', { assessmentRunArns: [runArn] });
        const [run] = assessmentRuns;
        if (!run) throw new CliError(`The run ${runArn} is gone: somebody deleted it.`);
        if (hasEnded(run.state)) return;
        await delay(LOOK_EVERY);
      }
    },
    scope: () => {
      scope ??= assay('GetServerStatus', {}).then(({ account }) => ({ account, region }));
      return scope;
    },
  };
}

interface Call {
  readonly service: typeof inspectorModel | typeof assayModel;
  readonly operation: string;
  readonly input: unknown;
}

async function send(
  url: string,
  region: string,
  credentials: Credentials,
  { service, operation, input }: Call,
): Promise<{ readonly ok: boolean; readonly answer: Readonly<Record<string, unknown>> }> {
  const body = JSON.stringify(input);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const headers = signRequest({
    ...{ accessKeyId, secretAccessKey, sessionToken, region, url, body },
    service: service.name,
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${service.targetPrefix}.${operation}`,
    },
    now: Date.now(),
  });
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT) });
  } catch (error) {
    throw new CliError(`${url} does not answer: ${reasonOf(error)}.`);
  }
  const text = await response.text();
  try {
    return { ok: response.ok, answer: JSON.parse(text) as Readonly<Record<string, unknown>> };
  } catch {
    throw new CliError(`${url} is not an Assay server: it answered ${response.status} with something else than JSON.`);
  }
}

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
};

/** Throws {@link CliError} for what is no endpoint. */
function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new CliError(`--endpoint must be like http://127.0.0.1:8020 or https://assay.example, not ${oneLine(text)}.`);
  }
  return url.href;
}
