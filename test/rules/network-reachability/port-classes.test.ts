import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  intersectPorts,
  isEmpty,
  onePort,
  type PortSet,
  portClasses,
  subtractPorts,
  unionPorts,
} from '../../../packages/server/src/rules/network-reachability/port-classes.ts';
import { contains, type Ranges, union } from '../../../packages/server/src/rules/network-reachability/ranges.ts';

const END = 65_535;
/** Ports near each other, near the ends, and far apart. */
const port = fc.oneof(fc.nat(200), fc.integer({ min: END - 200, max: END }), fc.nat(END));
const ranges: fc.Arbitrary<Ranges> = fc
  .array(fc.tuple(port, fc.oneof(fc.constant(0), fc.nat(3000))), { maxLength: 40 })
  .map((parts) => union(parts.map(([low, more]) => [low, Math.min(low + more, END)] as const)));

/** Every port that one of the sets tells from its neighbour, with its neighbours. */
const tried = (all: readonly Ranges[]): number[] => [
  0,
  END,
  ...all
    .flat()
    .flatMap(([low, high]) => [low, high].flatMap((each) => [Number(each) - 1, Number(each), Number(each) + 1]))
    .filter((each) => each >= 0 && each <= END),
];

describe('sets of classes of ports are sets of ports', () => {
  test('taken together, met, and taken out of each other', () => {
    fc.assert(
      fc.property(fc.array(ranges, { minLength: 2, maxLength: 6 }), (all) => {
        const classes = portClasses(all);
        const [left, right] = [all[0] ?? [], all[1] ?? []];
        const [one, two] = [classes.of(left), classes.of(right)];
        const expected: readonly (readonly [PortSet, (number: number) => boolean])[] = [
          [one, (each) => contains(left, each)],
          [intersectPorts(one, two), (each) => contains(left, each) && contains(right, each)],
          [subtractPorts(one, two), (each) => contains(left, each) && !contains(right, each)],
          [subtractPorts(classes.all, two), (each) => !contains(right, each)],
          [unionPorts(all.map(classes.of)), (each) => all.some((some) => contains(some, each))],
        ];
        for (const [set, has] of expected) {
          const told = classes.rangesOf(set);
          expect(union(told)).toEqual(told);
          expect(isEmpty(set)).toBe(told.length === 0);
          for (const each of tried(all)) {
            expect(contains(told, each)).toBe(has(each));
            expect(classes.has(set, each)).toBe(has(each));
          }
        }
        expect(classes.rangesOf(one)).toEqual(left);
      }),
    );
  });

  test('numbers that no port has are none', () => {
    const beyond: Ranges = [
      [60_000, 70_000],
      [80_000, 90_000],
    ];
    const classes = portClasses([beyond]);
    expect(classes.rangesOf(classes.of(beyond))).toEqual([[60_000, END]]);
    const never: Ranges = [[70_000, 70_000]];
    expect(isEmpty(portClasses([never]).of(never))).toBe(true);
  });

  test('a range that was not told apart is refused, not guessed', () => {
    const { of } = portClasses([[[10, 20]]]);
    expect(() => of([[10, 15]])).toThrow('port 16');
    expect(() => of([[12, 20]])).toThrow('port 12');
  });

  test('one port alone is in what has it', () => {
    const { all, of, has, rangesOf } = onePort(22);
    expect(rangesOf(of([[20, 25]]))).toEqual([[22, 22]]);
    expect(isEmpty(of([[23, 25]]))).toBe(true);
    expect([has(all, 22), has(all, 23)]).toEqual([true, false]);
  });
});
