import { makePackage, type Package } from './package.ts';

/** What rpm knows of a package, each as its tag gives it. */
export interface RpmFields {
  readonly name: string | undefined;
  readonly epoch: string | undefined;
  readonly version: string | undefined;
  readonly release: string | undefined;
  readonly architecture: string | undefined;
  /** A file's name: `bash-5.1-1.el9.src.rpm`. */
  readonly sourceRpm: string | undefined;
  readonly module: string | undefined;
  readonly vendor: string | undefined;
  /** Whose key signed it, or the key's number; absent where nothing tells. */
  readonly signer?: string | undefined;
}

export function rpmPackage(fields: RpmFields): Package | undefined {
  const { name, epoch, version, release, architecture, sourceRpm = '', module, vendor, signer } = fields;
  const source = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm);
  return makePackage({
    name,
    version: version && release && `${epoch === undefined ? '' : `${epoch}:`}${version}-${release}`,
    architecture,
    sourceName: source?.[1] === name ? undefined : source?.[1],
    // A source's file name has no epoch, so only the rest is compared.
    sourceVersion: source?.[2] === `${version}-${release}` ? undefined : source?.[2],
    vendor,
    signer,
    module,
  });
}
