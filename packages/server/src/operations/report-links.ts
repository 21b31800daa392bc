import { createHmac, timingSafeEqual } from 'node:crypto';

/** The report that a link opens, and until when: milliseconds since the epoch. */
export interface ReportLink {
  /** scopes.id */
  readonly scope: number;
  /** reports.id */
  readonly report: string;
  readonly expiresAt: number;
  /** The access key that asked for it, with which it ends; undefined where there was none. */
  readonly accessKeyId?: string | undefined;
}

/** What opens a report without a signature: a name, an expiry, the key that asked, and a MAC over all. */
export interface ReportLinks {
  readonly write: (link: ReportLink) => string;
  /** Undefined for anything that was not written by this server. An expired link is one that was. */
  readonly read: (token: string) => ReportLink | undefined;
}

/** How long a link is good for, in milliseconds. */
export const LINK_LIFETIME = 15 * 60 * 1000;

const MAC = 32;
const MAX_TOKEN = 400;
const FORMAT = /^([0-9a-z]{1,11})\.([0-9a-f]{32})\.([0-9a-z]{1,11})(?:\.([0-9A-Za-z_-]{1,128}))?$/;

export function createReportLinks(key: Uint8Array): ReportLinks {
  const macOf = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    write: ({ scope, report, expiresAt, accessKeyId }) => {
      const key = accessKeyId === undefined ? '' : `.${accessKeyId}`;
      const text = `${scope.toString(36)}.${report}.${expiresAt.toString(36)}${key}`;
      return Buffer.concat([macOf(text), Buffer.from(text)]).toString('base64url');
    },
    read: (token) => {
      if (token.length > MAX_TOKEN) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length <= MAC || bytes.toString('base64url') !== token) return undefined;
      const text = bytes.subarray(MAC).toString('latin1');
      if (!timingSafeEqual(bytes.subarray(0, MAC), macOf(text))) return undefined;
      const [, scope = '', report = '', expiresAt = '', accessKeyId] = FORMAT.exec(text) ?? [];
      if (report === '') return undefined;
      return { scope: Number.parseInt(scope, 36), report, expiresAt: Number.parseInt(expiresAt, 36), accessKeyId };
    },
  };
}
