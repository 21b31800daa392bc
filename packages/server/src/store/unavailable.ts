import { storeFault } from './store-fault.ts';

/** The store could not be had just now: held by another process, away, full or not writable. Trying again can succeed. */
export const isUnavailable = (error: unknown): boolean => storeFault(error)?.passes === true;
