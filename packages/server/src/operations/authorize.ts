import { Arn } from '@assay/model/api/values.ts';
import { membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';
import { type Decision, evaluatePolicy } from '../domain/policy/evaluate-policy.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Caller } from './operation.ts';
import { type Origin, requestContext } from './request-context.ts';
import type { Service } from './service.ts';

/** A caller, with what policies judge by. */
export interface Authorized extends Caller {
  readonly accessKeyId: string;
  /** What the key may do; undefined for an administrator. */
  readonly policy: Policy | undefined;
  readonly origin: Origin;
}

type Input = Readonly<Record<string, unknown>>;

/**
 * The input is not checked yet. More than this of ARNs in a member, or of UTF-16 units in an ARN, never passes that
 * check, so that what is cut off here has no effect but the fault.
 */
const MAX_ARNS = 100;
const MAX_ARN = 600;

/** What is asked for: an input, and those of its members that name resources. */
interface Request {
  readonly input: Input;
  readonly resources: readonly string[];
}

/**
 * Asks the caller's policy about an operation on every resource that the input names, or on `*` when it names none.
 * `now` is in milliseconds since the epoch. Throws AccessDeniedException.
 */
export function authorize(
  now: number,
  service: Service,
  operation: string,
  { input, resources }: Request,
  caller: Authorized,
): void {
  const { policy } = caller;
  if (!policy) return;
  const action = `${service.model.name}:${operation}`;
  const lookup = requestContext(now, input, caller);
  for (const resource of resourcesOf(resources, input)) {
    const decision = evaluatePolicy(policy, { action, resource, lookup });
    if (decision.effect !== 'Allow') {
      const shown = resource.length > 300 ? `${resource.slice(0, 300)}…` : resource;
      throw service.denied(
        operation,
        resource,
        `Access key ${caller.accessKeyId} is not authorized to perform: ${action} on resource: ${shown} ${why(decision)}`,
      );
    }
  }
}

function why({ effect, statement }: Decision): string {
  if (effect === 'ImplicitDeny' || !statement) return 'because no statement of its policy allows it';
  const named = statement.sid === undefined ? `[${statement.index}]` : `"${statement.sid}"`;
  return `with an explicit deny in the statement ${named} of its policy`;
}

/** The members of an operation's input that name resources: the filters of lists, which are values, do not. */
export const resourceMembers = (input: StructureShape): string[] =>
  Object.entries(membersOf(input)).flatMap(([name, shape]) => (namesResources(shape) ? [name] : []));

function namesResources(shape: Shape): boolean {
  return shape === Arn || (shape.type === 'list' && shape.of === Arn);
}

function resourcesOf(members: readonly string[], input: Input): string[] {
  const named = members.flatMap((member): string[] => {
    const value = input[member] as string | string[] | undefined;
    return typeof value === 'string' ? [value] : (value ?? []).slice(0, MAX_ARNS);
  });
  return named.length === 0 ? ['*'] : [...new Set(named.map((arn) => arn.slice(0, MAX_ARN)))];
}
