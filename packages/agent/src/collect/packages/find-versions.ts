import { addSource, type Collection, startCollection } from '../../collection.ts';
import { readApk } from './apk.ts';
import { readDpkg } from './dpkg.ts';
import { readRpm } from './rpm.ts';

/**
 * For each list of names the version of the first package of that name that is installed, whole, as the package manager
 * prints it; undefined where there is none. What the data bases would not show is the packages document's to say.
 */
export async function findVersions(
  collection: Collection,
  ...wanted: readonly (readonly string[])[]
): Promise<(string | undefined)[]> {
  const packages = startCollection(collection.host);
  const versions: (string | undefined)[] = wanted.map(() => undefined);
  for (const read of [readDpkg, readApk, readRpm]) {
    const installed = (await read(packages)) ?? [];
    for (const [index, names] of wanted.entries()) {
      versions[index] ??= names
        .map((name) => installed.find((each) => each.name === name)?.version)
        .find((version) => version !== undefined);
    }
    if (versions.every((version) => version !== undefined)) break;
  }
  if (versions.some((version) => version !== undefined)) {
    for (const source of packages.sources) addSource(collection, source);
  }
  return versions;
}
