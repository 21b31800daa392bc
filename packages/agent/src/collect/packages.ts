import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { type Collection, fitList, note } from '../collection.ts';
import { readApk } from './packages/apk.ts';
import { readDpkg } from './packages/dpkg.ts';
import { readRpm } from './packages/rpm.ts';

type Database = EvidenceData<'packages'>['databases'][number];

export async function collectPackages(collection: Collection): Promise<EvidenceData<'packages'> | undefined> {
  const found = [
    { manager: 'dpkg', packages: await readDpkg(collection) },
    { manager: 'rpm', packages: await readRpm(collection) },
    { manager: 'apk', packages: await readApk(collection) },
  ] as const;
  const databases: Database[] = [];
  for (const { manager, packages } of found) {
    if (packages) databases.push({ manager, packages: fitList(collection, packages, 50_000, manager) });
  }
  if (databases.length > 0) return { databases };
  if (collection.limitations.length === 0) {
    note(collection, 'NOT_PRESENT', 'package data bases', 'neither dpkg, rpm nor apk');
  }
  return undefined;
}
