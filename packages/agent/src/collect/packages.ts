import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, fitList, note } from '../collection.ts';
import { readApk } from './packages/apk.ts';
import { readAptLists } from './packages/apt-lists.ts';
import { readDpkg } from './packages/dpkg.ts';
import { findOtherSoftware } from './packages/other-software.ts';
import type { Package } from './packages/package.ts';
import { apkRepositories, rpmRepositories } from './packages/repository-files.ts';
import { readRpm } from './packages/rpm.ts';
import { rpmStreams } from './packages/rpm-streams.ts';

type Database = EvidenceData<'packages'>['databases'][number];

export async function collectPackages(collection: Collection): Promise<EvidenceData<'packages'> | undefined> {
  const databases: Database[] = [];
  const add = (
    manager: Database['manager'],
    packages: readonly Package[],
    repositories: Database['repositories'],
    more: Pick<Database, 'releaseVersion' | 'moduleStreams'> = {},
  ) =>
    databases.push({
      manager,
      packages: fitList(collection, packages, 50_000, manager),
      ...(repositories === undefined ? {} : { repositories }),
      ...more,
    });
  const dpkg = await readDpkg(collection);
  if (dpkg) {
    const known = await readAptLists(collection, dpkg);
    add('dpkg', known?.packages ?? dpkg, known?.repositories);
  }
  const rpm = await readRpm(collection);
  if (rpm) add('rpm', rpm, await rpmRepositories(collection), await rpmStreams(collection));
  const apk = await readApk(collection);
  if (apk) add('apk', apk, await apkRepositories(collection));
  if (databases.length > 0) {
    return { databases, otherSoftware: await findOtherSoftware(collection) };
  }
  if (collection.limitations.length === 0) {
    note(collection, 'NOT_PRESENT', 'package data bases', 'neither dpkg, rpm nor apk');
  }
  return undefined;
}
