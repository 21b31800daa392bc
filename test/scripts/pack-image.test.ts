import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { packImage } from '../../scripts/pack-image.ts';

test('an image is what the OCI specification says, and the same for the same files', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'assay-pack-image-'));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  const files = join(scratch, 'files');
  mkdirSync(join(files, 'usr/bin'), { recursive: true });
  mkdirSync(join(files, 'data'), { mode: 0o700 });
  writeFileSync(join(files, 'usr/bin/tool'), 'tool');
  chmodSync(join(files, 'usr/bin/tool'), 0o755);
  const config = { User: '65532:65532', Entrypoint: ['/usr/bin/tool'] };
  const image = { files, data: '/data', user: 65_532, architecture: 'amd64', name: 'assay:1', config };
  const [one, two] = [join(scratch, 'one.tar'), join(scratch, 'two.tar')];
  packImage(image, one);
  packImage(image, two);
  expect(readFileSync(one).equals(readFileSync(two))).toBe(true);

  const unpacked = join(scratch, 'unpacked');
  mkdirSync(unpacked);
  execFileSync('tar', ['-C', unpacked, '-xf', one]);
  const json = (file: string) => JSON.parse(readFileSync(join(unpacked, file), 'utf8'));
  interface Descriptor {
    readonly mediaType: string;
    readonly digest: string;
    readonly size: number;
  }
  const blob = ({ digest, size }: Descriptor): Buffer => {
    const bytes = readFileSync(join(unpacked, 'blobs', digest.replace(':', '/')));
    expect(bytes.length).toBe(size);
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest);
    return bytes;
  };
  expect(json('oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
  const index = json('index.json');
  expect(index).toMatchObject({
    schemaVersion: 2,
    manifests: [
      {
        platform: { os: 'linux', architecture: 'amd64' },
        annotations: { 'org.opencontainers.image.ref.name': 'assay:1' },
      },
    ],
  });
  const manifest = JSON.parse(blob(index.manifests[0]).toString());
  expect(manifest.layers).toHaveLength(1);
  const described = JSON.parse(blob(manifest.config).toString());
  const layer = gunzipSync(blob(manifest.layers[0]));
  expect(described).toEqual({
    architecture: 'amd64',
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(layer).digest('hex')}`] },
  });
  const listed = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], { input: layer, encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(\S+) +(\S+) .* (\S+)$/, '$1 $2 $3'));
  expect(listed).toEqual([
    'drwxr-xr-x 0/0 ./',
    'drwxr-xr-x 0/0 ./usr/',
    'drwxr-xr-x 0/0 ./usr/bin/',
    '-rwxr-xr-x 0/0 ./usr/bin/tool',
    'drwx------ 65532/65532 ./data/',
  ]);
});
