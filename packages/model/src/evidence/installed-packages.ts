import { boolean, enumeration, integer, list, string, structure } from '../shape.ts';
import { document } from './document.ts';

const name = string({ min: 1, max: 256 });

const Package = structure(
  {
    name,
    /** Whole, as the package manager prints it: dpkg `[epoch:]upstream[-revision]`, rpm `[epoch:]version-release`, apk. */
    version: name,
    architecture: name,
    /** Where they differ from the binary package's own, else absent. For rpm, from SOURCERPM; for apk, `origin`. */
    sourceName: name,
    sourceVersion: name,
    /** rpm vendor, dpkg Origin, apk maintainer: who built it, where the data base says so. */
    vendor: name,
    /** dpkg Maintainer. */
    maintainer: name,
    /** rpm: whose key signed it, as the key says itself, else the key's id. */
    signer: name,
    /** rpm MODULARITYLABEL. */
    module: name,
    /** The repositories of its data base, by position, that offer this very version. */
    repositories: list(integer({ min: 0, max: 499 }), { max: 8 }),
    /** Where none does: those that offer other versions of it. */
    otherVersionsIn: list(integer({ min: 0, max: 499 }), { max: 8 }),
  },
  'name',
  'version',
);

/** Where a package manager gets packages from, as the host says it. */
const Repository = structure(
  {
    /** apt: site, path, suite and component (`deb.debian.org/debian bookworm main`); apk: the address; rpm: the id. */
    name,
    /** Of apt's (In)Release file. */
    origin: name,
    label: name,
    codename: name,
    /** True where its list could not be read to the end. */
    unread: boolean,
    /** Absent where the host does not say. */
    enabled: boolean,
  },
  'name',
);

/** What has no package data base that is read: how many there are, and the names of the first. */
const OtherSoftware = structure(
  {
    kind: enumeration('SNAP', 'FLATPAK', 'PYTHON', 'NODE', 'JAVA', 'RUBY', 'PHP'),
    count: integer({ min: 1 }),
    /** True where the agent stopped looking before it had seen all. */
    more: boolean,
    names: list(name, { max: 20 }),
  },
  'kind',
  'count',
  'names',
);

/** Every installed package of every package manager found. Removed packages whose configuration stays are left out. */
export const packages = document(
  'packages',
  structure(
    {
      databases: list(
        structure(
          {
            manager: enumeration('dpkg', 'rpm', 'apk'),
            packages: list(Package, { max: 50_000 }),
            /** Absent where the agent did not look, or found no list of any. */
            repositories: list(Repository, { max: 500 }),
            /** dnf and yum: the release that the host is kept at (`9.2`), where it is told. */
            releaseVersion: name,
            /** dnf: the module streams that are enabled. Absent where the host has no modules. */
            moduleStreams: list(structure({ module: name, stream: name }, 'module', 'stream'), { max: 500 }),
          },
          'manager',
          'packages',
        ),
        { max: 3 },
      ),
      otherSoftware: list(OtherSoftware, { max: 20 }),
    },
    'databases',
  ),
);
