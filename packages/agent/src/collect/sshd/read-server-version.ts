import { bounded, type Collection, note, recordSource } from '../../collection.ts';
import { findVersions } from '../packages/find-versions.ts';

interface Server {
  readonly implementation: 'openssh' | 'dropbear';
  readonly binary: string;
}

const BANNERS = { openssh: /OpenSSH_([^\s,]+)/, dropbear: /Dropbear v?(\d[^\s,]*)/ };
const PACKAGES = { openssh: ['openssh-server', 'openssh'], dropbear: ['dropbear', 'dropbear-bin'] };

/** `9.2p1`, as the server says itself (`-V`, or the usage that older ones print instead), else from its package. */
export async function readServerVersion(collection: Collection, server: Server): Promise<string | undefined> {
  const { implementation, binary } = server;
  const result = await collection.host.run(binary, ['-V'], { timeoutMs: 10_000, maxBytes: 65_536 });
  if (result.ok) {
    const text = `${result.value.stderr}\n${result.value.stdout}`;
    const said = BANNERS[implementation].exec(text)?.[1];
    if (said) {
      recordSource(collection, `${binary} -V`, text);
      return bounded(said, 256);
    }
  }
  const [version] = await findVersions(collection, PACKAGES[implementation]);
  const upstream = upstreamVersion(version);
  if (upstream !== undefined) return upstream;
  const detail = `the version: ${result.ok ? 'it does not say' : result.detail}, and no package of a known name has it`;
  note(collection, result.ok ? 'UNREADABLE' : result.code, `${binary} -V`, detail);
  return undefined;
}

/** `1:9.2p1-2+deb12u3` and apk's `9.7_p1-r4` without what the distribution added. */
function upstreamVersion(version: string | undefined): string | undefined {
  const upstream = /^(?:\d+:)?(\d[\d.]*)(?:_?(p\d+))?/.exec(version ?? '');
  return upstream ? `${upstream[1]}${upstream[2] ?? ''}` : undefined;
}
