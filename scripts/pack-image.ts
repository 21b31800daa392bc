import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What an image is packed of. */
export interface Image {
  /** A directory that becomes the root of containers. */
  readonly files: string;
  /** What its containers may write, below {@link files}: they belong to {@link user}, all else to root. */
  readonly data: string;
  readonly user: number;
  /** As images call it: `amd64`. */
  readonly architecture: string;
  /** `assay:0.1.0` */
  readonly name: string;
  /** See https://github.com/opencontainers/image-spec/blob/main/config.md: the member `config`. */
  readonly config: object;
}

/** The same files make the same image, whoever packs it and when. */
const STEADY = ['--sort=name', '--numeric-owner', '--owner=0', '--group=0', '--mtime=@0', '--format=posix'];
const EXACT = '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime';

/** Writes an OCI archive of one layer, with tar and nothing else. `out` is whole or as it was. */
export function packImage({ files, data, user, architecture, name, config }: Image, out: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-image-'));
  try {
    const layer = join(scratch, 'layer.tar');
    const own = `.${data}`;
    execFileSync('tar', [...STEADY, EXACT, '-C', files, '-cf', layer, `--exclude=${own}`, '.']);
    execFileSync('tar', [...STEADY, EXACT, `--owner=${user}`, `--group=${user}`, '-C', files, '-rf', layer, own]);
    const image = join(scratch, 'image');
    mkdirSync(join(image, 'blobs/sha256'), { recursive: true });
    const put = (bytes: Buffer | string): { digest: string; size: number } => {
      const buffer = Buffer.from(bytes);
      const hash = sha256(buffer);
      writeFileSync(join(image, 'blobs/sha256', hash), buffer);
      return { digest: `sha256:${hash}`, size: buffer.length };
    };
    const bytes = readFileSync(layer);
    const packed = put(gzipSync(bytes));
    const rootfs = { type: 'layers', diff_ids: [`sha256:${sha256(bytes)}`] };
    const described = put(JSON.stringify({ architecture, os: 'linux', config, rootfs }));
    const manifest = put(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...described },
        layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...packed }],
      }),
    );
    writeFileSync(join(image, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    writeFileSync(
      join(image, 'index.json'),
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: [
          {
            mediaType: MANIFEST,
            ...manifest,
            platform: { os: 'linux', architecture },
            annotations: { 'org.opencontainers.image.ref.name': name },
          },
        ],
      }),
    );
    mkdirSync(dirname(out), { recursive: true });
    const draft = `${out}.${process.pid}`;
    execFileSync('tar', [...STEADY, EXACT, '-C', image, '-cf', draft, 'oci-layout', 'index.json', 'blobs']);
    renameSync(draft, out);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
