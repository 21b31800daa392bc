import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, note, noteRefusal, recordSource } from '../collection.ts';
import { globFiles } from '../glob-files.ts';
import { readRegularFile } from '../host/read-regular-file.ts';
import { findVersions } from './packages/find-versions.ts';

type Libraries = NonNullable<EvidenceData<'passwordPolicy'>['libraries']>;

const MODULE = 'security/pam_pwhistory.so';
/** Where distributions keep PAM's modules; the first two are Debian's, by architecture. */
const DIRECTORIES = ['/usr/lib/*', '/lib/*', '/usr/lib64', '/lib64', '/usr/lib', '/lib'];
const MAX_MODULE_BYTES = 4 * 1024 * 1024;

/** What the libraries that read the password policy are. */
export async function readPasswordLibraries(collection: Collection): Promise<Libraries> {
  const [libpwquality, libpam] = await findVersions(
    collection,
    ['libpwquality1', 'libpwquality'],
    ['libpam-modules', 'libpam0g', 'pam', 'linux-pam'],
  );
  const pwhistoryReadsFile = await readsFile(collection);
  return {
    ...(libpwquality === undefined ? {} : { libpwquality: bounded(libpwquality, 256) }),
    ...(libpam === undefined ? {} : { libpam: bounded(libpam, 256) }),
    ...(pwhistoryReadsFile === undefined ? {} : { pwhistoryReadsFile }),
  };
}

/**
 * Whether the installed module has the name of a configuration file in it: distributions brought that into older versions
 * too, so that no version number tells. Undefined where there is no such module.
 */
async function readsFile(collection: Collection): Promise<boolean | undefined> {
  for (const directory of DIRECTORIES) {
    for (const path of await globFiles(collection, `${directory}/${MODULE}`, 20)) {
      const read = await readRegularFile(collection.host, path, MAX_MODULE_BYTES);
      if (!read.ok) {
        noteRefusal(collection, path, read);
        continue;
      }
      if (read.value.subarray(0, 4).toString('latin1') !== '\u007fELF') {
        note(collection, 'UNREADABLE', path, 'not a program in ELF format');
        continue;
      }
      recordSource(collection, path, read.value);
      return read.value.includes('/pwhistory.conf\0');
    }
  }
  return undefined;
}
