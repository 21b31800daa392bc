/** A long test, whole: `npm test` runs a short one of the same kind. docs/tests.md says how to add one. */
export interface Campaign {
  /** What it shows, in one line of the list. */
  readonly about: string;
  /** Whole numbers that can be given as `--name N`; the tests read them by `effort('name', …)`. */
  readonly options: Readonly<Record<string, { readonly about: string; readonly value: number }>>;
  /** How long it takes with these values on two quiet cores. */
  readonly seconds: number;
  /** Vitest's filters; every file when empty. A file of the campaign's own is test/campaigns/NAME.campaign.ts. */
  readonly files: readonly string[];
  /** The stores that it runs on. */
  readonly stores: readonly ('sqlite' | 'postgres')[];
}
