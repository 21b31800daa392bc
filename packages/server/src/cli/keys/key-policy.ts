import { readFileSync, statSync } from 'node:fs';
import { builtInDocument, builtInNames, isBuiltIn, policyName } from '../../domain/policy/built-in.ts';
import { MAX_POLICY, parsePolicy } from '../../domain/policy/parse-policy.ts';
import { PolicyFault } from '../../domain/policy/policy-fault.ts';
import { CliError } from '../../runtime/cli-error.ts';
import { policyWarnings } from './policy-warnings.ts';

/** What may be given as a policy, for help texts. */
export const POLICY_CHOICE = `a file with a policy document, or ${builtInNames.join(', ')}`;

/**
 * What a key keeps of a policy that was given as a built-in's name or a file, and what of it has no effect. Throws
 * CliError.
 */
export function readPolicy(given: string): { readonly kept: string | null; readonly warnings: readonly string[] } {
  if (isBuiltIn(given)) return { kept: given === 'administrator' ? null : given, warnings: [] };
  const text = readDocument(given);
  try {
    return { kept: text, warnings: policyWarnings(parsePolicy(text)) };
  } catch (error) {
    if (error instanceof PolicyFault) throw new CliError(`${given}: ${error.message}.`);
    throw error;
  }
}

/** What a key's policy is called, fit for a terminal. */
export function shownPolicyName(kept: string | null): string {
  try {
    return (
      policyName(kept)
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
        .slice(0, 60) || 'custom'
    );
  } catch (error) {
    if (error instanceof PolicyFault) return 'unreadable: allows nothing';
    throw error;
  }
}

/** The document that a key's policy is. */
export const policyDocument = (kept: string | null): string =>
  `${kept === null ? builtInDocument('administrator') : isBuiltIn(kept) ? builtInDocument(kept) : kept.trimEnd()}\n`;

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
