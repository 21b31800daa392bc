import { inspectorModel } from '@assay/model/api/inspector-model.ts';
import { assayModel } from '@assay/model/assay/assay-model.ts';
import { ANY_ONE, ANY_RUN, type Glob, matchesGlob } from '../domain/policy/glob.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { isKnownKey } from './request-context.ts';

const services = [inspectorModel, assayModel];
const actions = services.flatMap(({ name, operations }) =>
  Object.keys(operations).map((operation) => `${name}:${operation}`.toLowerCase()),
);

/** What a policy says that has no effect here, and so may not be what was meant. */
export function policyWarnings({ statements }: Policy): string[] {
  const globs = statements.flatMap((statement) => statement.actions.globs);
  const idle = globs.filter((glob) => !actions.some((action) => matchesGlob(glob, action)));
  const misspelt = idle.map(textOf).filter((text) => services.some(({ name }) => text.startsWith(`${name}:`)));
  const keys = statements.flatMap(({ conditions }) => conditions.map(({ key }) => key));
  const allows = statements.some(
    ({ effect, actions: { negated, globs: own } }) =>
      effect === 'Allow' && actions.some((action) => own.some((glob) => matchesGlob(glob, action)) !== negated),
  );
  return [
    ...unique(misspelt).map((action) => `No operation is called ${action}.`),
    ...unique(keys.filter((key) => !isKnownKey(key))).map(
      (key) => `No request has the condition key ${JSON.stringify(key)}: it counts as missing.`,
    ),
    ...(allows ? [] : ['The policy allows nothing.']),
  ];
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
const textOf = (glob: Glob): string =>
  glob.map((one) => (one === ANY_RUN ? '*' : one === ANY_ONE ? '?' : String.fromCodePoint(one))).join('');
