import type { Input, OperationName, Output } from '@assay/model/api/operations.ts';
import type { KeyPair } from '../runtime/access-keys.ts';
import { CliError } from '../runtime/cli-error.ts';
import { signRequest } from '../wire/sigv4/sign.ts';

/** Calls the public API as any other client would: signed, over HTTP. */
export interface ApiClient {
  readonly call: <O extends OperationName>(operation: O, input: Input<O>) => Promise<Output<O>>;
}

/** An answer that takes longer than this is given up, in milliseconds. */
const TIMEOUT = 30_000;

export function createApiClient(endpoint: string, region: string, key: KeyPair): ApiClient {
  return {
    call: async (operation, input) => {
      const body = JSON.stringify(input);
      const headers = signRequest({
        ...key,
        region,
        service: 'inspector',
        url: endpoint,
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `InspectorService.${operation}` },
        body: Buffer.from(body),
        now: Date.now(),
      });
      const response = await fetch(endpoint, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT) });
      const answer = (await response.json()) as Output<typeof operation> & { __type?: string; message?: string };
      if (!response.ok) throw new CliError(`${operation} was refused: ${answer.__type}: ${answer.message}`);
      return answer;
    },
  };
}

/** Every item of a list, page by page. `read` calls the operation and picks the items out of its answer. */
export async function listAll<T>(
  read: (
    nextToken: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly nextToken?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, nextToken } = await read(token);
    all.push(...items);
    token = nextToken;
  } while (token !== undefined);
  return all;
}
