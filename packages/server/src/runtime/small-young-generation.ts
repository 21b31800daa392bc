import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap that new objects go to as small as it is, for a process that passes gigabytes through and
 * holds little of it: grown to its full size, it and what it leaves behind take 100 MB. V8 reads the flag when that part
 * is about to grow.
 */
export const keepYoungGenerationSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
