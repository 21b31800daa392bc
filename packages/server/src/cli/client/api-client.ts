import type { Client } from './client.ts';
import { createRemoteClient } from './remote-client.ts';

/** The Inspector API of a server, for what asks nothing else. */
export interface ApiClient {
  readonly call: Client['inspector'];
}

export const createApiClient = (
  endpoint: string,
  region: string,
  key: { readonly accessKeyId: string; readonly secretAccessKey: string },
): ApiClient => ({ call: createRemoteClient(endpoint, region, key).inspector });
