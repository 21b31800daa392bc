import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, fitList, note, noteRefusal, readText, recordSource } from '../collection.ts';
import { readRegularFile } from '../host/read-regular-file.ts';
import { reducePassword } from './accounts/reduce-password.ts';

type Account = EvidenceData<'accounts'>['accounts'][number];
type Group = EvidenceData<'accounts'>['groups'][number];

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_ID = 4_294_967_295;

/** Details of limitations here name lines by number only: a malformed line may hold a hash anywhere. */
export async function collectAccounts(collection: Collection): Promise<EvidenceData<'accounts'> | undefined> {
  const passwd = await readLines(collection, '/etc/passwd', 4);
  const shadow = await readShadow(collection);
  const groups = await readGroups(collection);
  await noteOtherSources(collection);
  if (!passwd) return undefined;
  const accounts: Account[] = [];
  for (const { number, fields } of passwd) {
    const [name = '', field = '', uid = '', gid = '', , , shell = ''] = fields;
    if (!isName(name) || !isId(uid) || !isId(gid)) {
      note(collection, 'UNREADABLE', '/etc/passwd', `line ${number} is not an account`);
      continue;
    }
    const aged = shadow.lines?.get(name);
    accounts.push({
      name,
      uid: Number(uid),
      gid: Number(gid),
      shell: bounded(shell, 1024),
      ...passwordOf(field, shadow, aged),
      ...(aged ? agesOf(aged) : {}),
    });
  }
  const unknown = accounts.filter(({ password, scheme }) => password === 'HASHED' && scheme === undefined).length;
  if (unknown > 0) note(collection, 'UNSUPPORTED', 'accounts', `${unknown} password hashes are of an unknown scheme`);
  return {
    accounts: fitList(collection, accounts, 20_000, '/etc/passwd'),
    groups: fitList(collection, groups, 20_000, '/etc/group'),
  };
}

interface Shadow {
  /** Name → fields; undefined where the file is missing or unreadable. */
  readonly lines?: ReadonlyMap<string, readonly string[]>;
  readonly missing: boolean;
}

async function readShadow(collection: Collection): Promise<Shadow> {
  const path = '/etc/shadow';
  const read = await readRegularFile(collection.host, path, MAX_BYTES);
  if (!read.ok) {
    noteRefusal(collection, path, read);
    return { missing: read.code === 'NOT_PRESENT' };
  }
  // No digest: with the rest of the file known, it would tell whether a guessed password is right.
  recordSource(collection, path);
  const lines = new Map<string, readonly string[]>();
  for (const { number, fields } of splitLines(read.value.toString('utf8'))) {
    const [name = ''] = fields;
    if (fields.length < 2 || !isName(name)) note(collection, 'UNREADABLE', path, `line ${number} is not an account`);
    else if (!lines.has(name)) lines.set(name, fields);
  }
  return { lines, missing: false };
}

function passwordOf(
  field: string,
  shadow: Shadow,
  aged: readonly string[] | undefined,
): Pick<Account, 'password' | 'scheme'> {
  // Anything but x in passwd itself is what counts, as before shadow files.
  if (field !== 'x') return reducePassword(field);
  if (aged) return reducePassword(aged[1] ?? '');
  return shadow.lines || shadow.missing ? { password: 'LOCKED' } : {};
}

function agesOf(fields: readonly string[]): Partial<Account> {
  const ages: Partial<Account> = {};
  const names = ['lastChangedDay', 'minimumDays', 'maximumDays', 'warningDays', 'inactiveDays', 'expiresDay'] as const;
  for (const [index, name] of names.entries()) {
    const text = fields[index + 2] ?? '';
    // Nine digits: longer numbers are no ages, and could be digits of a hash in the wrong field.
    if (/^-?\d{1,9}$/.test(text)) ages[name] = Number(text);
  }
  return ages;
}

async function readGroups(collection: Collection): Promise<Group[]> {
  const groups: Group[] = [];
  for (const { number, fields } of (await readLines(collection, '/etc/group', 3)) ?? []) {
    const [name = '', , gid = '', members = ''] = fields;
    if (!isName(name) || !isId(gid)) {
      note(collection, 'UNREADABLE', '/etc/group', `line ${number} is not a group`);
      continue;
    }
    const names = members.split(',').map((member) => member.trim());
    groups.push({
      name,
      gid: Number(gid),
      members: fitList(collection, names.filter(isName), 20_000, `/etc/group line ${number}`),
    });
  }
  return groups;
}

/** Accounts of a directory service are not in these files. */
async function noteOtherSources(collection: Collection): Promise<void> {
  const text = await readText(collection, '/etc/nsswitch.conf', { optional: true });
  const sources =
    /^\s*passwd:(.*)$/m
      .exec(text ?? '')?.[1]
      ?.replace(/#.*|\[[^\]]*\]/g, '')
      .split(/\s+/) ?? [];
  const others = sources.filter((source) => source !== '' && !['files', 'compat', 'systemd'].includes(source));
  if (others.length > 0) note(collection, 'UNSUPPORTED', '/etc/nsswitch.conf', `not asked: ${others.join(' ')}`);
}

/** The lines of passwd or group; its digest is kept out where a field of it could be a hash. */
async function readLines(collection: Collection, path: string, atLeast: number): Promise<Line[] | undefined> {
  const read = await readRegularFile(collection.host, path, MAX_BYTES);
  if (!read.ok) {
    noteRefusal(collection, path, read);
    return undefined;
  }
  const lines = splitLines(read.value.toString('utf8'));
  const harmless = lines.every(({ fields }) => fields.length >= atLeast && /^[x*!]?$/.test(fields[1] ?? ''));
  recordSource(collection, path, harmless ? read.value : undefined);
  return lines;
}

interface Line {
  readonly number: number;
  readonly fields: readonly string[];
}

const splitLines = (text: string): Line[] =>
  text
    .split('\n')
    .map((line, index) => ({ number: index + 1, fields: line.split(':') }))
    .filter(({ fields }) => (fields.length > 1 || fields[0] !== '') && !fields[0]?.startsWith('#'));

/** Without `$` but at the end (Samba's machine accounts): every modern hash starts with it. */
const isName = (text: string): boolean =>
  /^[^\s:$,\0]{1,255}\$?$/.test(text) && !/^[+-]/.test(text) && text.isWellFormed();
const isId = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) <= MAX_ID;
