import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { Position } from '../store/lists/position.ts';
import { invalidInput } from './errors.ts';

/** What a token is good for: one operation of one caller, while the rest of the input means the same. */
export interface TokenBinding {
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  /** The meaning of the input less nextToken and maxResults: see meaning-of.ts. */
  readonly input: unknown;
}

/** Opaque page tokens: a position and a MAC over it and over all that the token is bound to. */
export interface PageTokens {
  readonly write: (position: Position, binding: TokenBinding) => string;
  /** Throws INVALID_PAGINATION_TOKEN for anything that was not written with this binding. */
  readonly read: (token: string, binding: TokenBinding) => Position;
}

/** Bytes of the MAC that are kept: 128 bits. */
const MAC = 16;
const FORMAT = /^([0-9a-z]{1,11})\.([0-9A-Za-z-]{1,128})$/;

export function createPageTokens(bytesOfKey: Uint8Array): PageTokens {
  const key = createSecretKey(bytesOfKey);
  /** A character a byte, as is what {@link FORMAT} lets through. */
  const macOf = (text: string, { operation, account, region, input }: TokenBinding): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([operation, account, region, input, text]))
      .digest('latin1')
      .slice(0, MAC);
  return {
    write: ({ at, id }, binding) => {
      const text = `${at.toString(36)}.${id}`;
      // The text comes first: what begins with a digit or letter has no hyphen first in base64url either, which the AWS
      // CLI would take for an option.
      return Buffer.from(text + macOf(text, binding), 'latin1').toString('base64url');
    },
    read: (token, binding) => {
      const bytes = Buffer.from(token, 'base64url');
      const text = bytes.subarray(0, -MAC).toString('latin1');
      const [, at = '', id = ''] = FORMAT.exec(text) ?? [];
      const genuine =
        bytes.length > MAC &&
        bytes.toString('base64url') === token &&
        timingSafeEqual(bytes.subarray(-MAC), Buffer.from(macOf(text, binding), 'latin1'));
      if (!genuine || !id) {
        throw invalidInput(
          'INVALID_PAGINATION_TOKEN',
          'The nextToken is not one that this operation returned for this input; start again without it',
        );
      }
      return { at: Number.parseInt(at, 36), id };
    },
  };
}
