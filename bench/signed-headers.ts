import { signRequest } from '../packages/server/src/wire/sigv4/sign.ts';
import { sampleScope } from './sample-directory.ts';
import { benchKey } from './server-process.ts';

/** The headers of a call to a server, signed with the key of benches at a time in milliseconds. */
export const signedHeaders = (url: string, operation: string, body: string, now: number): Record<string, string> =>
  signRequest({
    ...benchKey,
    region: sampleScope.region,
    service: 'inspector',
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `InspectorService.${operation}` },
    body,
    now,
  });
