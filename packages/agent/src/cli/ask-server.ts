import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { oneLine } from '@assay/model/safe-text.ts';
import type { Configuration } from './configuration.ts';

const PATIENCE = 10_000;
/** A request is refused when its clock is further off than this: milliseconds. */
const CLOCK = 300_000;

/** Whether a server answers, and how far this host's clock is from its own. Never rejects. */
export async function askServer({ server, ca }: Configuration): Promise<{ well: boolean; text: string }> {
  try {
    const { status, date } = await health(new URL('/health', server), ca);
    const ahead = Math.round((Date.now() - date) / 1000);
    const clock = Number.isNaN(ahead)
      ? 'it does not say what time it is'
      : `this clock is ${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead'}`;
    const good = status === 200 && Math.abs(ahead * 1000) < CLOCK;
    return { well: good, text: `${server} answers${status === 200 ? '' : ` with status ${status}`}; ${clock}` };
  } catch (error) {
    return { well: false, text: `${server} cannot be reached: ${oneLine((error as Error).message)}` };
  }
}

function health(url: URL, ca: string | undefined): Promise<{ status: number; date: number }> {
  const { get } = url.protocol === 'https:' ? https : http;
  const trust = ca === undefined ? {} : { ca: readFileSync(ca) };
  return new Promise((resolve, reject) => {
    get(url, { ...trust, signal: AbortSignal.timeout(PATIENCE), agent: false }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, date: Date.parse(response.headers.date ?? '') });
    }).on('error', reject);
  });
}
