import { type Host, refusalOf, refuse, type Seen } from '../host.ts';
import { chunksOf, openRegularFile } from './read-chunks.ts';

/** The bytes of a regular file of at most `maxBytes`; anything longer is refused whole. */
export async function readRegularFile(host: Host, path: string, maxBytes: number): Promise<Seen<Buffer>> {
  const opened = await openRegularFile(host, path);
  if (!opened.ok) return opened;
  try {
    if (opened.size > maxBytes) return tooLarge(maxBytes);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of chunksOf(opened.handle, opened.size)) {
      length += chunk.length;
      if (length > maxBytes) return tooLarge(maxBytes);
      chunks.push(chunk);
    }
    return { ok: true, value: Buffer.concat(chunks, length) };
  } catch (error) {
    return refusalOf(error);
  } finally {
    await opened.handle.close();
  }
}

const tooLarge = (maxBytes: number) => refuse('TOO_LARGE', `longer than ${maxBytes} bytes`);
