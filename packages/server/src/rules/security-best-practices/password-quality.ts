import type { TextFile } from '@assay/model/evidence/document.ts';
import { type KeyValue, wholeNumber } from './key-values.ts';
import type { PamEntry } from './pam-stack.ts';
import { passwdqcSettings } from './passwdqc.ts';
import { isOlder, type LibraryVersion, type PasswordLibraries } from './password-libraries.ts';
import { type PwqualitySettings, whyRefused } from './pwquality.ts';
import type { Unknown } from './unknown.ts';

/** What a module demands of a new password, as far as somebody wrote it down: the libraries' defaults do not count. */
export interface Quality {
  /** The shortest password that passes, credits for kinds of characters taken off. Absent when not configured. */
  readonly shortest?: { readonly length: number; readonly because: string };
  readonly allClasses: boolean;
  /** The settings on kinds of characters that were found, for people. */
  readonly classes: string;
  /** Set when the module only warns. */
  readonly onlyWarns?: string;
  /** Configuration that could not be read; what module arguments say holds in spite of it. */
  readonly unread?: Unknown;
  /** Why a part of the configuration is not in force. */
  readonly stopped?: string;
}

/** Where demands are written, beside the modules' arguments. */
export interface QualitySources {
  readonly files: readonly TextFile[];
  readonly pwquality: PwqualitySettings;
  readonly libraries: PasswordLibraries;
}

const credits = ['lcredit', 'ucredit', 'dcredit', 'ocredit'] as const;

/** The demands of one module; undefined for modules that make none. */
export function qualityOf(entry: PamEntry, { files, pwquality, libraries }: QualitySources): Quality | undefined {
  if (entry.module === 'pam_pwquality.so') return fromPwquality(entry, pwquality, libraries.pwquality);
  if (entry.module === 'pam_cracklib.so') return fromSettings(argumentsOf(entry), 1, 1);
  if (entry.module === 'pam_passwdqc.so') return fromPasswdqc(entry, files);
  if (entry.module === 'pam_unix.so' && entry.args.some((each) => /^minlen=/i.test(each))) {
    const minlen = argumentsOf(entry).filter(({ name }) => name === 'minlen');
    return fromSettings(minlen, 0, 0);
  }
  return undefined;
}

const argumentsOf = ({ args, source }: PamEntry): KeyValue[] =>
  args.map((arg) => {
    const [name = '', ...value] = arg.split('=');
    return { name: name.toLowerCase(), value: value.join('='), source };
  });

/**
 * The module's arguments come last, and the last one counts; one that the library refuses is passed over. Before 1.3.0
 * every kind of character earned a credit by default.
 */
function fromPwquality(
  entry: PamEntry,
  { settings, unread, stopped }: PwqualitySettings,
  version: LibraryVersion,
): Quality {
  const given = argumentsOf(entry).filter((argument) => whyRefused(argument, version) === undefined);
  const quality = fromSettings([...settings, ...given], isOlder(version, [1, 3, 0]) ? 1 : 0, 6);
  return { ...quality, ...(unread === undefined ? {} : { unread }), ...(stopped === undefined ? {} : { stopped }) };
}

/** `defaultCredit` is what every kind of character earns, and `floor` the length that the library never goes below. */
function fromSettings(settings: readonly KeyValue[], defaultCredit: number, floor: number): Quality {
  const last = (name: string): KeyValue | undefined =>
    settings.findLast((each) => each.name === name && wholeNumber(each.value) !== undefined);
  const value = (name: string): number | undefined => wholeNumber(last(name)?.value);
  const earned = credits.map((name) => Math.max(0, value(name) ?? defaultCredit)).reduce((sum, each) => sum + each, 0);
  const minlen = last('minlen');
  const length = Math.max(floor, (value('minlen') ?? 0) - earned);
  const because = `${minlen?.source}: minlen=${minlen?.value}${earned > 0 ? `, less ${earned} for credits` : ''}`;
  const enforcing = last('enforcing');
  const said = [...credits, 'minclass'].flatMap((name) => {
    const setting = last(name);
    return setting ? [`${name}=${setting.value} (${setting.source})`] : [];
  });
  return {
    ...(minlen ? { shortest: { length, because } } : {}),
    allClasses: credits.every((name) => (value(name) ?? 0) <= -1) || (value('minclass') ?? 0) >= 4,
    classes: said.join(', '),
    ...(enforcing && value('enforcing') === 0 ? { onlyWarns: `enforcing=0 (${enforcing.source})` } : {}),
  };
}

/** `min` gives a length, or `disabled`, for passwords of one, two, (phrases,) three and four kinds of characters. */
function fromPasswdqc(entry: PamEntry, files: readonly TextFile[]): Quality {
  const { settings, unread } = passwdqcSettings(argumentsOf(entry), files);
  const min = settings.findLast(({ name }) => name === 'min');
  const enforce = settings.findLast(({ name }) => name === 'enforce');
  const lengths = min?.value.split(',').map((each) => (each === 'disabled' ? undefined : wholeNumber(each))) ?? [];
  const allowed = lengths.filter((each) => each !== undefined);
  const because = `${min?.source}: min=${min?.value}`;
  return {
    ...(min && allowed.length > 0 ? { shortest: { length: Math.min(...allowed), because } } : {}),
    allClasses: min !== undefined && /^(?:disabled,){4}\d+$/.test(min.value),
    classes: min ? `min=${min.value} (${min.source})` : '',
    ...(enforce?.value === 'none' ? { onlyWarns: `enforce=none (${enforce.source})` } : {}),
    ...(unread === undefined ? {} : { unread }),
  };
}
