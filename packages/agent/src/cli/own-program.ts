import { isSea } from 'node:sea';

/** The file that this program is, and the Node that runs it where it is not its own. */
export const ownProgram = (): { readonly file: string; readonly node: string | undefined } =>
  isSea() ? { file: process.execPath, node: undefined } : { file: process.argv[1] ?? '', node: process.execPath };
