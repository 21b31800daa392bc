import { readFileSync, statSync } from 'node:fs';
import { builtInNames, isBuiltIn } from '../../domain/policy/built-in.ts';
import { MAX_POLICY, parsePolicy } from '../../domain/policy/parse-policy.ts';
import { PolicyFault } from '../../domain/policy/policy-fault.ts';
import { CliError } from '../../runtime/cli-error.ts';

/** What may be given as a policy, for help texts. */
export const POLICY_CHOICE = `a file with a policy document, or ${builtInNames.join(', ')}`;

/** A policy as operations take it, of the name of a built-in or a file. Throws {@link CliError}. */
export function readPolicy(given: string): string {
  if (isBuiltIn(given)) return given;
  const text = readDocument(given);
  try {
    // Here already: the operation cannot name the file.
    parsePolicy(text);
    return text;
  } catch (error) {
    if (error instanceof PolicyFault) throw new CliError(`${given}: ${error.message}.`);
    throw error;
  }
}

function readDocument(path: string): string {
  try {
    // A file that is no document at all need not be read whole to be refused.
    if (statSync(path).size > 4 * MAX_POLICY) throw new CliError(`${path}: a policy is at most ${MAX_POLICY} bytes.`);
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`${path} cannot be read (${code ?? String(error)}). A policy is ${POLICY_CHOICE}.`);
  }
}
