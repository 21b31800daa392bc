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
  const done = (result: Buffer | BodyFault): void => {
    request.off('data', take).off('end', end).off('close', cutOff);
    tell(result);
  };
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > limit) {
      request.pause();
      done('TOO_LARGE');
    }
  };
  const end = (): void => {
    const [first] = chunks;
    done(first && chunks.length === 1 ? first : Buffer.concat(chunks));
  };
  const cutOff = (): void => done('CUT_OFF');
  // Of one that is cut off 'error' says what 'close' says: nobody else listens for it.
  request.on('data', take).on('end', end).on('close', cutOff).on('error', ignore);
}

const ignore = (): void => undefined;
