import { basename } from 'node:path';
import { quoted } from './quoted.ts';

/**
 * How this program is called where it runs, for commands that it prints: `npx assay` in a clone, `node …/assay.mjs` in a build.
 * ASSAY_COMMAND says it where neither is right, as in a container.
 */
export function ownCommand(program = process.argv[1] ?? '', environment: NodeJS.ProcessEnv = process.env): string {
  const { ASSAY_COMMAND: asked } = environment;
  if (asked) return asked;
  if (/\/(?:node_modules\/\.bin\/assay|packages\/server\/(?:bin\/assay\.mjs|src\/cli\/main\.ts))$/.test(program)) {
    return 'npx assay';
  }
  return basename(program) === 'assay.mjs' ? `node ${quoted(program)}` : 'assay';
}
