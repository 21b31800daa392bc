import { type JsonBounds, JsonBoundsFault, parseBoundedJson } from '@assay/model/bounded-json.ts';
import { check } from '@assay/model/check.ts';
import { formatPath, parse, SerializationFault } from '@assay/model/parse.ts';
import type { StructureShape } from '@assay/model/shape.ts';
import { type Authorized, authorize, resourceMembers } from './authorize.ts';
import { ApiError, unknownOperation } from './errors.ts';
import { isRead } from './is-read.ts';
import { lenientInput, lenientShape } from './lenient-input.ts';
import type { Caller, Deps } from './operation.ts';
import { redactor } from './redact.ts';
import type { Service } from './service.ts';

interface BoundOperation {
  readonly run: (input: unknown, caller: Caller) => Promise<object>;
  readonly input: StructureShape;
  readonly resources: readonly string[];
  readonly redact: ReturnType<typeof redactor>;
}

export interface Handler {
  /** True for the operations of the service. */
  readonly knows: (operation: string) => boolean;
  /**
   * Parses a body, asks the caller's policy, checks the input against the operation's shape, and runs the operation.
   * `onInput` is told of the input once it is parsed, whatever comes of it. Throws {@link ApiError}.
   */
  readonly handle: (
    operation: string,
    body: Uint8Array,
    caller: Authorized,
    onInput?: (input: Readonly<Record<string, unknown>>) => void,
  ) => Promise<object>;
  /** An operation's output as a record may have it: without its secrets. */
  readonly recorded: (operation: string, output: object) => object;
}

/** `strict` holds to the API model where clients taught leniency: see lenient-input.ts. */
export function createHandler(service: Service, deps: Deps, { strict }: { readonly strict: boolean }): Handler {
  const bound = new Map<string, BoundOperation>();
  for (const [name, { input, output }] of Object.entries(service.model.operations)) {
    const run = service.operations[name]?.(deps) as BoundOperation['run'];
    const redact = redactor(output);
    bound.set(name, { run, input: strict ? input : lenientShape(input), resources: resourceMembers(input), redact });
  }
  return {
    knows: (operation) => bound.has(operation),
    recorded: (operation, output) => bound.get(operation)?.redact?.(output) ?? output,
    handle: async (operation, body, caller, onInput) => {
      const entry = bound.get(operation);
      if (!entry) throw unknownOperation(`This service has no operation ${operation}`);
      const parsed = parseBody(entry.input, body);
      onInput?.(parsed);
      authorize(deps.now(), service, operation, { input: parsed, resources: entry.resources }, caller);
      const { input, matchesNothing } = strict
        ? { input: parsed, matchesNothing: false }
        : lenientInput(entry.input, parsed);
      const [fault] = check(entry.input, input);
      if (fault) {
        const message = `${formatPath(fault.path)} ${fault.expected}`;
        throw service.invalid(operation, fault.path, fault.constraint, message);
      }
      // A read of a region in which there is nothing yet leaves it so.
      const scope = isRead(operation) ? caller.scope : await deps.store.scopes.idOf(caller);
      return entry.run(input, { ...caller, scope, ...(matchesNothing && { matchesNothing }) });
    },
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A body with every list full stays under 5,000 values; the deepest shape has 4 levels. */
const BOUNDS: JsonBounds = { depth: 16, values: 50_000 };

/** An absent body is no input, like `{}`. Throws SerializationException. */
function parseBody(shape: StructureShape, body: Uint8Array): Record<string, unknown> {
  try {
    const text = utf8.decode(body);
    return parse(shape, text.trim() === '' ? {} : parseBoundedJson(text, BOUNDS));
  } catch (error) {
    if (error instanceof JsonBoundsFault) throw new ApiError('SerializationException', `The body ${error.message}`);
    if (error instanceof SerializationFault) throw new ApiError('SerializationException', error.message);
    throw new ApiError('SerializationException', 'The body must be a JSON object in UTF-8');
  }
}
