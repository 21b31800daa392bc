import { DurationRange } from '@assay/model/api/structures.ts';
import { Arn, BatchDescribeArnList, FilterRulesPackageArnList, ListMaxResults } from '@assay/model/api/values.ts';
import { parseArn } from '@assay/model/arn.ts';
import { check } from '@assay/model/check.ts';
import { elementOf, type ListShape, list, membersOf, type Shape, type StructureShape } from '@assay/model/shape.ts';

type Values = Readonly<Record<string, unknown>>;

/** An input as a server understands it that is not strict. */
export interface LenientInput {
  readonly input: Values;
  /** The filter asks for a value that nothing can have: the list is empty, whatever is there. */
  readonly matchesNothing: boolean;
}

const MAX_ARNS = 100;
const LENIENT_ARNS = list(Arn, { min: 1, max: MAX_ARNS });

/** An operation's input shape as clients fill it: Describe* takes the 100 ARNs that many send, not the model's 10. */
export function lenientShape(input: StructureShape): StructureShape {
  const members = Object.entries(membersOf(input)).map(([name, shape]): [string, Shape] => [
    name,
    shape === BatchDescribeArnList ? LENIENT_ARNS : shape,
  ]);
  return { ...input, members: Object.fromEntries(members) };
}

/**
 * Reads a parsed input as clients mean it: a page size beyond the largest is the largest, an empty filter is no filter
 * (AgentFilter has members that the model requires), and a value of a filter that nothing can have matches nothing.
 */
export function lenientInput(shape: StructureShape, { filter, ...rest }: Values): LenientInput {
  const members = membersOf(shape);
  const input: Record<string, unknown> = { ...rest };
  const { max = Number.POSITIVE_INFINITY } = ListMaxResults;
  if (members.maxResults && typeof input.maxResults === 'number') input.maxResults = Math.min(input.maxResults, max);
  if (members.filter?.type !== 'structure' || filter === undefined || Object.keys(filter as object).length === 0) {
    return { input, matchesNothing: false };
  }
  const { value, impossible } = possible(members.filter, filter);
  return { input: { ...input, filter: value }, matchesNothing: impossible };
}

interface Possible {
  /** What is left of the value; undefined for nothing. */
  readonly value: unknown;
  /** True when what was taken away lets nothing match. */
  readonly impossible: boolean;
}

/** A value of a filter without what nothing can have. Lists that are too long, and absent members, are left to be refused. */
function possible(shape: Shape, value: unknown): Possible {
  if (shape === DurationRange) return possibleDurations(value as { minSeconds?: number; maxSeconds?: number });
  switch (shape.type) {
    case 'structure':
      return possibleMembers(shape, value as Values);
    case 'list':
      return possibleElements(shape, value as readonly unknown[]);
    default: {
      const impossible = check(shape, value).length > 0;
      return { value: impossible ? undefined : value, impossible };
    }
  }
}

function possibleMembers(shape: StructureShape, values: Values): Possible {
  const members = membersOf(shape);
  const each = Object.entries(values).map(([name, value]) => ({ name, ...possible(members[name] as Shape, value) }));
  return {
    value: Object.fromEntries(each.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    impossible: each.some(({ impossible }) => impossible),
  };
}

/** Of values any may match, of pairs every one must. */
function possibleElements(shape: ListShape, elements: readonly unknown[]): Possible {
  if (elements.length > (shape.max ?? Number.POSITIVE_INFINITY)) return { value: elements, impossible: false };
  const of = elementOf(shape);
  const each = elements.map((element) => possible(of, element));
  const isPossible = ({ impossible, value }: Possible): boolean =>
    !impossible && (shape !== FilterRulesPackageArnList || parseArn(value as string)?.kind === 'rulespackage');
  const left = each.filter(isPossible).map(({ value }) => value);
  const needed = of.type === 'structure' ? elements.length : Math.min(1, elements.length);
  return { value: left, impossible: left.length < needed };
}

/** Bounds beyond those of any duration: such a bound lets everything through, or nothing. */
function possibleDurations({ minSeconds, maxSeconds }: { minSeconds?: number; maxSeconds?: number }): Possible {
  const { minSeconds: bound } = DurationRange.members;
  const { min = 0, max = Number.POSITIVE_INFINITY } = bound;
  const within = (seconds: number | undefined): boolean => seconds !== undefined && seconds >= min && seconds <= max;
  return {
    value: { ...(within(minSeconds) && { minSeconds }), ...(within(maxSeconds) && { maxSeconds }) },
    impossible: (minSeconds ?? min) > max || (maxSeconds ?? max) < min,
  };
}
