import type { IncomingMessage } from 'node:http';

/** Why a body was not read: it is larger than is read, or it ended before its end. */
export type BodyFault = 'TOO_LARGE' | 'CUT_OFF';

/**
 * Reads a request's body of at most so many bytes, and tells once of it or of what is wrong with it. What is left of one
 * that is too large is not read: the connection has to be closed.
 */
export function readBody(request: IncomingMessage, limit: number, tell: (body: Buffer | BodyFault) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    tell('TOO_LARGE');
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  let told = false;
  const done = (result: Buffer | BodyFault): void => {
    if (told) return;
    told = true;
    tell(result);
  };
  request
    .on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      done('TOO_LARGE');
    })
    .on('end', () => {
      const [first] = chunks;
      done(first && chunks.length === 1 ? first : Buffer.concat(chunks));
    })
    // Of one that is cut off 'error' says what 'close' says, and would be thrown where nobody listens.
    .on('close', () => done('CUT_OFF'))
    .on('error', ignore);
}

const ignore = (): void => undefined;
