import { double, enumeration, integer, list, long, string, structure } from '../shape.ts';
import { document } from './document.ts';

const xccdfId = string({ min: 1, max: 256 });
const seconds = double({ min: 0, max: 1e9 });

/** The words of XCCDF for what came of a rule. */
export const scapResultWords = [
  'pass',
  'fail',
  'error',
  'unknown',
  'notapplicable',
  'notchecked',
  'informational',
  'fixed',
] as const;

export type ScapResultWord = (typeof scapResultWords)[number];

/** What `oscap` said of the rules of one profile. The server has the content that its ids are of. */
export const scapResults = document(
  'scapResults',
  structure(
    {
      /** The data stream that was evaluated: its name on the server, and the SHA-256 of its bytes. */
      content: structure({ name: xccdfId, sha256: string({ pattern: /^[0-9a-f]{64}$/ }) }, 'name', 'sha256'),
      /** The id of the profile. */
      profile: xccdfId,
      /** As `oscap` names itself: `1.3.7`. */
      scanner: string({ max: 64 }),
      /** Every rule that oscap gave a result for and did not deselect. */
      results: list(
        structure(
          {
            rule: xccdfId,
            result: enumeration(...scapResultWords),
            /** Numbers as XCCDF has them; absent where it is 1. */
            weight: double({ min: 0, max: 1e6 }),
            /** What oscap said about it. */
            messages: list(string({ max: 500 }), { max: 5 }),
            /** What OVAL looked at, where the run asked for it: tests that did not turn out as they should. */
            items: list(
              structure(
                { test: string({ max: 400 }), found: string({ max: 700 }), expected: string({ max: 700 }) },
                'test',
                'found',
                'expected',
              ),
              { max: 5 },
            ),
          },
          'rule',
          'result',
        ),
        { max: 20_000 },
      ),
      /** Rules that were to be evaluated and that have no result: oscap was ended, or failed. */
      unfinished: list(
        structure({ rules: list(xccdfId, { max: 20_000 }), why: string({ max: 1000 }) }, 'rules', 'why'),
        { max: 200 },
      ),
      /** What the variables of the benchmark were set to. */
      values: list(structure({ id: xccdfId, value: string({ max: 2000 }) }, 'id', 'value'), { max: 2000 }),
      /** Each time that oscap was started. */
      passes: list(
        structure(
          {
            /** Absent where it was every rule of the profile but the slow ones. */
            rule: xccdfId,
            exitCode: integer({ min: 0, max: 255 }),
            seconds,
            /** The most memory that it and what it started had, in bytes. Absent where nobody measured. */
            peakMemory: long({ min: 0 }),
          },
          'seconds',
        ),
        { max: 200 },
      ),
    },
    'content',
    'profile',
    'scanner',
    'results',
    'unfinished',
    'values',
    'passes',
  ),
);
