import { createReadStream, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { zipEntries } from '../packages/server/src/feeds/sources/zip-entries.ts';

/** Records that change on a day of Debian's, which is a busy one. */
export const CHANGED = 120;

/** An OSV export on loopback, as its publisher has it: the archive, its list of changes, and each record that changes. */
export interface OsvExportServer {
  /** Of the archive. */
  readonly address: string;
  /** Changes {@link CHANGED} records, as a day does. */
  readonly nextDay: () => void;
  /** Bytes of all bodies that were sent since the last call. */
  readonly bytesSent: () => number;
  readonly close: () => void;
}

export async function osvExportServer(archive: string): Promise<OsvExportServer> {
  const lines: { id: string; modified: string }[] = [];
  const changing = new Map<string, Record<string, unknown>>();
  let position = 0;
  for await (const entry of zipEntries(archive)) {
    if (!('bytes' in entry)) continue;
    const record = JSON.parse(Buffer.from(entry.bytes).toString('utf8')) as Record<string, unknown>;
    const [id, modified] = [String(record.id), String(record.modified)];
    lines.push({ id, modified });
    if (position++ % 360 === 0 && changing.size < CHANGED) changing.set(id, record);
  }
  const sorted = () => lines.toSorted((a, b) => (a.modified < b.modified ? 1 : -1));
  let list = csv(sorted());
  let sent = 0;
  const send = (response: ServerResponse, status: number, body: Buffer | string, headers = {}): void => {
    sent += Buffer.byteLength(body);
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  };
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '').replace('/Debian/', '');
    if (name === 'all.zip') {
      const { size } = statSync(archive);
      sent += size;
      response.writeHead(200, { 'content-length': size });
      createReadStream(archive).pipe(response);
      return;
    }
    const [, end] = /^bytes=0-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const record = changing.get(name.replace(/\.json$/, ''));
    if (name === 'modified_id.csv' && end !== undefined) {
      const part = Buffer.from(list).subarray(0, Number(end) + 1);
      send(response, 206, part, { 'content-range': `bytes 0-${part.length - 1}/${list.length}` });
    } else if (name === 'modified_id.csv') send(response, 200, list);
    else if (record) send(response, 200, JSON.stringify(record));
    else send(response, 404, '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/Debian/all.zip`,
    nextDay: () => {
      const modified = '2025-02-13T10:00:00Z';
      for (const [id, record] of changing)
        changing.set(id, { ...record, modified, details: `${record.details} Again.` });
      for (const line of lines) if (changing.has(line.id)) line.modified = modified;
      list = csv(sorted());
    },
    bytesSent: () => {
      const before = sent;
      sent = 0;
      return before;
    },
    close: () => server.close(),
  };
}

const csv = (lines: readonly { readonly id: string; readonly modified: string }[]): string =>
  lines.map(({ id, modified }) => `${modified},${id}\n`).join('');
