import { signedHeaders } from './signed-headers.ts';

/** What boto3 sends beside what it signs. */
const UNSIGNED = [
  'Accept-Encoding: identity',
  'User-Agent: Boto3/1.34.0 md/Botocore#1.34.0 ua/2.0 os/linux md/arch#x86_64 lang/python#3.11 cfg/retry-mode#legacy',
  'amz-sdk-invocation-id: 5d1a3dd0-1b3c-4a49-9c7c-6f3d5d0a9d5e',
  'amz-sdk-request: attempt=1',
];

/**
 * Requests for an operation as they go over the socket, signed for each of the last `count` seconds: signing takes
 * nothing from whoever sends them, and no two are alike.
 */
export function signedRequests(endpoint: string, operation: string, input: object, count = 200): Buffer[] {
  const body = JSON.stringify(input);
  return Array.from({ length: count }, (_, age) => {
    const headers = signedHeaders(endpoint, operation, body, Date.now() - age * 1000);
    return httpPost('/', [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...UNSIGNED], body);
  });
}

/** A POST of JSON as it goes over the socket. */
export const httpPost = (path: string, headers: readonly string[], body: string): Buffer =>
  Buffer.from(
    [`POST ${path} HTTP/1.1`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'),
  );
