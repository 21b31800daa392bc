/**
 * Bytes at the start of memory of their own: words may be read from it, and keeping them keeps nothing else. Drivers
 * give parts of larger buffers.
 */
export const ownBytes = (data: Uint8Array): Uint8Array<ArrayBuffer> =>
  data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer
    ? new Uint8Array(data.buffer)
    : new Uint8Array(data);
