/**
 * Shapes: one plain-data description of a JSON value from which its TypeScript type, its parsing and its
 * constraints follow. The Inspector API (api/), the agent protocol and evidence are all written in it.
 */

export interface StringShape {
  readonly type: 'string';
  /** Unicode code points, inclusive. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** Lets line breaks and NUL through as they are: text that is stored as bytes, never compared in SQL. */
  readonly raw?: true;
  /** A secret: shown to its receiver alone, never on a record. */
  readonly sensitive?: true;
}
export interface EnumShape<V extends string = string> {
  readonly type: 'enum';
  readonly values: readonly V[];
}
export interface NumberShape {
  /** `integer` is 32 bits, `long` a safe integer, `double` any finite number. */
  readonly type: 'integer' | 'long' | 'double';
  readonly min?: number;
  readonly max?: number;
}
export interface BooleanShape {
  readonly type: 'boolean';
}
/** A JSON number: seconds since the epoch, fraction allowed. */
export interface TimestampShape {
  readonly type: 'timestamp';
}
export interface ListShape<S = unknown> {
  readonly type: 'list';
  readonly of: S;
  readonly min?: number;
  readonly max?: number;
}
export interface MapShape<K = unknown, S = unknown> {
  readonly type: 'map';
  readonly key: K;
  readonly of: S;
  readonly min?: number;
  readonly max?: number;
}
export interface StructureShape<M = unknown, R extends string = string> {
  readonly type: 'structure';
  readonly members: M;
  readonly required: readonly R[];
}
export type Shape =
  | StringShape
  | EnumShape
  | NumberShape
  | BooleanShape
  | TimestampShape
  | ListShape
  | MapShape
  | StructureShape;

type Members = Readonly<Record<string, Shape>>;
type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** The TypeScript type of the JSON value that a shape describes. */
export type Static<S> =
  S extends EnumShape<infer V>
    ? V
    : S extends StringShape
      ? string
      : S extends NumberShape | TimestampShape
        ? number
        : S extends BooleanShape
          ? boolean
          : S extends ListShape<infer E>
            ? Static<E>[]
            : S extends MapShape<infer K, infer E>
              ? string extends Static<K>
                ? Record<string, Static<E>>
                : Partial<Record<Static<K> & string, Static<E>>>
              : S extends StructureShape<infer M, infer R>
                ? Simplify<
                    { [K in keyof M & R]: Static<M[K]> } & { [K in Exclude<keyof M, R>]?: Static<M[K]> | undefined }
                  >
                : never;

type Bounds = { readonly min?: number; readonly max?: number };

export const string = (bounds: Bounds & { pattern?: RegExp; raw?: true; sensitive?: true } = {}): StringShape => ({
  type: 'string',
  ...bounds,
});
export const enumeration = <const V extends string>(...values: V[]): EnumShape<V> => ({ type: 'enum', values });
export const integer = (bounds: Bounds = {}): NumberShape => ({ type: 'integer', ...bounds });
export const long = (bounds: Bounds = {}): NumberShape => ({ type: 'long', ...bounds });
export const double = (bounds: Bounds = {}): NumberShape => ({ type: 'double', ...bounds });
export const boolean: BooleanShape = { type: 'boolean' };
export const timestamp: TimestampShape = { type: 'timestamp' };
export const list = <const S extends Shape>(of: S, bounds: Bounds = {}): ListShape<S> => ({
  type: 'list',
  of,
  ...bounds,
});
export const map = <const K extends StringShape | EnumShape, const S extends Shape>(
  key: K,
  of: S,
  bounds: Bounds = {},
): MapShape<K, S> => ({ type: 'map', key, of, ...bounds });
/** `required` names the members that must be there; the others are optional. */
export const structure = <const M extends Members, const R extends keyof M & string = never>(
  members: M,
  ...required: R[]
): StructureShape<M, R> => ({ type: 'structure', members, required });

/** The members of a structure shape as shapes (the type parameter is erased where shapes are walked). */
export const membersOf = (shape: StructureShape): Members => shape.members as Members;
export const elementOf = (shape: ListShape | MapShape): Shape => shape.of as Shape;
