import { createHash } from 'node:crypto';

/**
 * The id of what happened once, as a UUID of version 8 (RFC 9562): made of what it is about, so that the same event never
 * gets two, however often its transaction runs.
 */
export function messageId(...about: readonly string[]): string {
  const bytes = createHash('sha256').update(about.join('\n')).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
