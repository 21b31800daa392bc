import type { InvalidInputCode } from '@assay/model/api/fault-codes.ts';
import { type Arn, type ArnKind, parseArn, partitionOf } from '@assay/model/arn.ts';
import { type ApiError, accessDenied, invalidInput, noSuchEntity } from './errors.ts';
import type { Caller } from './operation.ts';

/** The kinds of resources whose ARN an operation may be given on its own. */
export type ReferenceKind = Exclude<ArnKind, 'exclusion'>;

interface Words {
  readonly name: string;
  readonly invalid: InvalidInputCode;
  readonly missing: Parameters<typeof noSuchEntity>[0];
  readonly denied: Parameters<typeof accessDenied>[0];
}

const words: Readonly<Record<ReferenceKind, Words>> = {
  resourcegroup: {
    name: 'resource group',
    invalid: 'INVALID_RESOURCE_GROUP_ARN',
    missing: 'RESOURCE_GROUP_DOES_NOT_EXIST',
    denied: 'ACCESS_DENIED_TO_RESOURCE_GROUP',
  },
  target: {
    name: 'assessment target',
    invalid: 'INVALID_ASSESSMENT_TARGET_ARN',
    missing: 'ASSESSMENT_TARGET_DOES_NOT_EXIST',
    denied: 'ACCESS_DENIED_TO_ASSESSMENT_TARGET',
  },
  template: {
    name: 'assessment template',
    invalid: 'INVALID_ASSESSMENT_TEMPLATE_ARN',
    missing: 'ASSESSMENT_TEMPLATE_DOES_NOT_EXIST',
    denied: 'ACCESS_DENIED_TO_ASSESSMENT_TEMPLATE',
  },
  run: {
    name: 'assessment run',
    invalid: 'INVALID_ASSESSMENT_RUN_ARN',
    missing: 'ASSESSMENT_RUN_DOES_NOT_EXIST',
    denied: 'ACCESS_DENIED_TO_ASSESSMENT_RUN',
  },
  finding: {
    name: 'finding',
    invalid: 'INVALID_FINDING_ARN',
    missing: 'FINDING_DOES_NOT_EXIST',
    denied: 'ACCESS_DENIED_TO_FINDING',
  },
  rulespackage: {
    name: 'rules package',
    invalid: 'INVALID_RULES_PACKAGE_ARN',
    missing: 'RULES_PACKAGE_DOES_NOT_EXIST',
    denied: 'ACCESS_DENIED_TO_RULES_PACKAGE',
  },
};

/** The code of a call that is refused for a resource of this kind; an exclusion is its run's. */
export const deniedCodeOf = (kind: ArnKind): Words['denied'] => words[kind === 'exclusion' ? 'run' : kind].denied;

/** The error for a resource that is not there. */
export const doesNotExist = (kind: ReferenceKind, arn: string): ApiError =>
  noSuchEntity(words[kind].missing, `There is no ${words[kind].name} ${arn}`);

/** What an ARN is to a caller: of another kind or malformed, another account's, of another region, or one of their own. */
export type Reference =
  | { readonly standing: 'INVALID' | 'FOREIGN' | 'ELSEWHERE' }
  | { readonly standing: 'OWN'; readonly arn: Arn; readonly id: string };

export function reference(caller: Caller, kind: ArnKind, text: string): Reference {
  const arn = parseArn(text);
  if (!arn || arn.kind !== kind) return { standing: 'INVALID' };
  const id = arn.ids.at(-1) ?? '';
  // Rules packages are published under accounts of the service.
  if (kind !== 'rulespackage' && arn.account !== caller.account) return { standing: 'FOREIGN' };
  if (arn.region !== caller.region || arn.partition !== partitionOf(caller.region)) return { standing: 'ELSEWHERE' };
  return { standing: 'OWN', arn, id };
}

/**
 * The ids of a list of ARNs of one kind: all are judged before any is looked up, form first.
 * Throws INVALID_…_ARN, ACCESS_DENIED_TO_… or …_DOES_NOT_EXIST.
 */
export function requireOwn(caller: Caller, kind: ReferenceKind, texts: readonly string[]): Arn[] {
  const references = requireForm(caller, kind, texts);
  const find = (standing: Reference['standing']) => references.find((entry) => entry.reference.standing === standing);
  const { name, denied } = words[kind];
  const foreign = find('FOREIGN');
  if (foreign) throw accessDenied(denied, `The ${name} ${foreign.text} belongs to another account`);
  const elsewhere = find('ELSEWHERE');
  if (elsewhere) throw doesNotExist(kind, elsewhere.text);
  return references.flatMap(({ reference: own }) => (own.standing === 'OWN' ? [own.arn] : []));
}

/**
 * Only the form: for a filter, where the ARN of what is elsewhere or not there is a value that matches nothing.
 * Throws INVALID_…_ARN.
 */
export function requireForm(caller: Caller, kind: ReferenceKind, texts: readonly string[]) {
  const references = texts.map((text) => ({ text, reference: reference(caller, kind, text) }));
  const { name, invalid } = words[kind];
  const malformed = references.find((entry) => entry.reference.standing === 'INVALID');
  if (malformed)
    throw invalidInput(invalid, `"${malformed.text}" is not the ARN of ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`);
  return references;
}

/** {@link requireOwn} of one ARN: its ids on the way down. */
export function requireOne(caller: Caller, kind: ReferenceKind, text: string): Arn {
  const [arn] = requireOwn(caller, kind, [text]);
  if (!arn) throw doesNotExist(kind, text);
  return arn;
}

/** A resource is where its ARN says: an ARN with the right id under the wrong parents names nothing. */
export const sameParents = (arn: Arn, ...ids: readonly string[]): boolean => arn.ids.every((id, at) => id === ids[at]);
