import type { TextFile } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, note, noteRefusal } from '../collection.ts';
import { listDirectory } from '../host/list-directory.ts';
import { addTextFile } from '../text-files.ts';
import { readPasswordLibraries } from './read-password-libraries.ts';
import { redactPam } from './redact-pam.ts';

const MAX_FILES = 500;
const FILES = ['/etc/security/pwquality.conf', '/etc/security/pwhistory.conf', '/etc/passwdqc.conf'];
/** SUSE ships its defaults below /usr/etc. */
const PAM_DIRECTORIES = ['/etc/pam.d', '/usr/etc/pam.d', '/usr/lib/pam.d'];

export async function collectPasswordPolicy(
  collection: Collection,
): Promise<EvidenceData<'passwordPolicy'> | undefined> {
  const files: TextFile[] = [];
  await addTextFile(collection, files, '/usr/etc/login.defs', { max: MAX_FILES, optional: true });
  // Where the vendor's file stands in /usr/etc, this one is for the administrator's changes alone.
  await addTextFile(collection, files, '/etc/login.defs', { max: MAX_FILES, optional: files.length > 0 });
  for (const path of FILES) await addTextFile(collection, files, path, { max: MAX_FILES, optional: true });
  await addDirectory(collection, files, '/etc/security/pwquality.conf.d', (name) => name.endsWith('.conf'));
  const present: boolean[] = [];
  for (const directory of PAM_DIRECTORIES) {
    present.push(await addDirectory(collection, files, directory, () => true, redactPam));
  }
  if (!present.includes(true)) note(collection, 'NOT_PRESENT', '/etc/pam.d', 'no PAM configuration');
  return files.length > 0 ? { files, libraries: await readPasswordLibraries(collection) } : undefined;
}

/** False where there is no such directory. */
async function addDirectory(
  collection: Collection,
  files: TextFile[],
  directory: string,
  wanted: (name: string) => boolean,
  reduce: (text: string) => string = (text) => text,
): Promise<boolean> {
  const names = await listDirectory(collection.host, directory);
  if (!names.ok) {
    if (names.code === 'NOT_PRESENT') return false;
    noteRefusal(collection, directory, names);
    return true;
  }
  for (const name of names.value.filter(wanted)) {
    await addTextFile(collection, files, `${directory}/${name}`, { max: MAX_FILES, reduce });
  }
  return true;
}
