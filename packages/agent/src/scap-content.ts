import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type ContentRequest, ContentResponse, maxContentBytes } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { parse } from '@assay/model/parse.ts';
import type { Client } from './client.ts';
import { refuse, type Seen } from './host.ts';
import type { Identity } from './identity.ts';
import { makeDirectory } from './make-directory.ts';
import { retry } from './retry.ts';
import { isFinal } from './server-fault.ts';

/** A data stream that the server has for this host, and what to evaluate of it. */
export type OfferedContent = NonNullable<ContentResponse['content']>;

/** Where SCAP content comes from: the server, and nobody else. */
export interface ScapContent {
  /** What the run is judged by on a host of this system; a refusal where the server has nothing for it. */
  readonly offer: (system: ContentRequest) => Promise<Seen<OfferedContent>>;
  /** The path of the data stream, whose digest was checked just now. */
  readonly fetch: (offered: OfferedContent) => Promise<Seen<string>>;
  /** A directory of the agent's own. */
  readonly directory: string;
  /** Tells the server how many rules have a result. It returns at once, and nothing depends on it. */
  readonly progress: (done: number, total: number) => void;
  /** Takes a line of progress for a person. */
  readonly log: (line: string) => void;
  /** Aborts when the agent stops. */
  readonly signal: AbortSignal;
}

interface Deps {
  readonly runId: string;
  readonly client: Client;
  readonly identity: Identity;
  readonly directory: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

const TIMEOUT = 120_000;
const SECOND = 1000;

/**
 * The content of one run. What was downloaded is kept for the next one; before each use its digest is checked, since a
 * data stream can carry scripts that run as root.
 */
export function openScapContent({ runId, client, identity, directory, log, signal }: Deps): ScapContent {
  const open = (offered: OfferedContent): Promise<Readable> => {
    log(`Downloading the SCAP content ${offered.name}`);
    const path = `/agent/v1/content/${offered.sha256}`;
    const request = { method: 'GET', path, contentType: 'application/json', body: Buffer.alloc(0) } as const;
    return client.download({ ...request, identity, timeoutMs: TIMEOUT, signal });
  };
  return {
    directory,
    progress: tellProgress({ runId, client, identity, signal }),
    log,
    signal,
    offer: async (system) => {
      const path = `/agent/v1/runs/${runId}/content`;
      const body = Buffer.from(JSON.stringify(system));
      const ask = () =>
        client.call({
          method: 'POST',
          path,
          contentType: 'application/json',
          body,
          identity,
          timeoutMs: TIMEOUT,
          signal,
        });
      try {
        const answer = parse(ContentResponse, await retry(ask, { signal, log }));
        const [fault] = check(ContentResponse, answer);
        if (fault)
          return refuse('UNREADABLE', `the server's answer is not one: ${fault.path.join('.')} ${fault.expected}`);
        const { content, reason = 'the server has no SCAP content for this system' } = answer;
        if (!content) return refuse('UNSUPPORTED', reason);
        if (content.size > maxContentBytes) return refuse('TOO_LARGE', `it has ${content.size} bytes`);
        return { ok: true, value: content };
      } catch (error) {
        if (!isFinal(error)) throw error;
        return refuse('UNSUPPORTED', `the server gives no SCAP content: ${error.message}`);
      }
    },
    fetch: (offered) => keptContent({ directory, signal, open }, offered),
  };
}

interface Keeping extends Pick<Deps, 'directory' | 'signal'> {
  /** The data stream, compressed with gzip. Rejects where it cannot be had. */
  readonly open: (offered: OfferedContent) => Promise<Readable>;
}

/** The data stream from a directory, or unpacked into it; a refusal where it is not what was offered. */
export async function keptContent(
  { directory, signal, open }: Keeping,
  offered: OfferedContent,
): Promise<Seen<string>> {
  const file = join(directory, `${offered.sha256}.xml`);
  if ((await sha256Of(file)) === offered.sha256) return { ok: true, value: file };
  try {
    makeDirectory(directory);
    const draft = `${file}.new`;
    const body = await open(offered);
    try {
      await pipeline(body, createGunzip(), atMost(offered.size), createWriteStream(draft, { mode: 0o600 }));
      if ((await sha256Of(draft)) !== offered.sha256) throw new Error('what the server sent has another digest');
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
    // Content that was replaced is not needed any more.
    for (const name of await readdir(directory)) {
      if (name.endsWith('.xml') && join(directory, name) !== file) await rm(join(directory, name));
    }
    return { ok: true, value: file };
  } catch (error) {
    signal.throwIfAborted();
    return refuse('UNREADABLE', `the content could not be downloaded: ${(error as Error).message}`);
  }
}

/** At most once a second, and never two at a time: a server that is slow or old is not asked to listen. */
function tellProgress({ runId, client, identity, signal }: Omit<Deps, 'directory' | 'log'>): ScapContent['progress'] {
  let again = 0;
  return (done, total) => {
    if (performance.now() < again) return;
    again = Number.POSITIVE_INFINITY;
    const path = `/agent/v1/runs/${runId}/progress`;
    const body = Buffer.from(JSON.stringify({ kind: 'scapResults', done, total }));
    const call = {
      method: 'POST',
      path,
      contentType: 'application/json',
      body,
      identity,
      timeoutMs: 10_000,
      signal,
    } as const;
    client.call(call).then(
      () => {
        again = performance.now() + SECOND;
      },
      (error: unknown) => {
        if (!isFinal(error)) again = performance.now() + 10 * SECOND;
      },
    );
  };
}

/** SHA-256 of a file, hexadecimal; undefined where there is none. */
async function sha256Of(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}

function atMost(size: number): Transform {
  let seen = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      seen += chunk.length;
      done(seen > size ? new Error(`it has more than the ${size} bytes that the server said`) : null, chunk);
    },
  });
}
