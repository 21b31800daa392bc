import type { Call } from './api.ts';
import type { RulesPackageNames } from './data/rules-packages.ts';
import type { Child } from './dom.ts';

/** What a page has to work with. */
export interface Context {
  readonly call: Call;
  readonly rulesPackages: RulesPackageNames;
  /** Aborts when the page is left: nothing may be asked or shown for it afterwards. */
  readonly signal: AbortSignal;
  /** Says something to those who hear the page rather than see it. */
  readonly announce: (text: string) => void;
  /** What is shown where something failed; `retry` does it again. */
  readonly showFault: (fault: unknown, retry?: () => void) => Child;
}
