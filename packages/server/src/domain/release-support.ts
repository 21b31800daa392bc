/**
 * Until when a release of a distribution gets security fixes. Feeds say it, rules read it.
 */

/**
 * The last day of a phase of support (`2028-06-30`, in UTC); `OPEN` where it goes on and no end is announced, `OVER` where it
 * ended on a day that is not known.
 */
export type SupportEnd = string;

export interface SupportPhase {
  /** `Debian LTS`, `Ubuntu Pro (Expanded Security Maintenance)`. */
  readonly name: string;
  readonly until: SupportEnd;
  readonly of: 'EVERYONE' | 'SUBSCRIBERS';
}

type NamedPhase = Omit<SupportPhase, 'until'>;

const subscribers = (name: string): NamedPhase => ({ name, of: 'SUBSCRIBERS' });

/** What follows the security support of a distribution. */
export const supportPhases = {
  debianLts: { name: 'Debian LTS', of: 'EVERYONE' },
  freexianElts: subscribers('Freexian ELTS'),
  ubuntuEsm: subscribers('Ubuntu Pro (Expanded Security Maintenance)'),
  ubuntuLegacy: subscribers('Ubuntu Pro with Legacy support'),
  redHatEls: subscribers('Extended Life Cycle Support'),
  suseLtss: subscribers('SUSE LTSS'),
} as const satisfies Readonly<Record<string, NamedPhase>>;

export interface ReleaseSupport {
  /** `debian:12`, `ubuntu:22.04`, `rocky:9`: the distribution's ID of os-release and the version that support is given to. */
  readonly release: string;
  /** The end of the distribution's own security support for everyone. */
  readonly security: SupportEnd;
  /** What follows, in its order. */
  readonly extended: readonly SupportPhase[];
}

/** What one source says of a release, and of when (milliseconds since the epoch) that is. */
export interface SourcedSupport extends ReleaseSupport {
  /** The feed; for texts. */
  readonly source: string;
  readonly date: number;
}

export const isSupportEnd = (text: unknown): text is SupportEnd =>
  text === 'OPEN' || text === 'OVER' || (typeof text === 'string' && isDay(text));

/** Whether a text is a day of the calendar, as `2028-06-30`. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
