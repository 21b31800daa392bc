import { check } from '@assay/model/check.ts';
import { type Evidence, type EvidenceData, type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { evidenceSizes } from '@assay/model/evidence/sizes.ts';
import { formatPath, parse } from '@assay/model/parse.ts';
import { collectAccounts } from './collect/accounts.ts';
import { collectFileModes } from './collect/file-modes.ts';
import { collectFirewall } from './collect/firewall.ts';
import { collectInterfaces } from './collect/interfaces.ts';
import { collectKernel } from './collect/kernel.ts';
import { collectListeners } from './collect/listeners.ts';
import { collectOsRelease } from './collect/os-release.ts';
import { collectPackages } from './collect/packages.ts';
import { collectPasswordPolicy } from './collect/password-policy.ts';
import { collectRoutes } from './collect/routes.ts';
import { collectScapResults } from './collect/scap-results.ts';
import { collectSshd } from './collect/sshd.ts';
import { collectSysctls } from './collect/sysctls.ts';
import { type Collection, note, startCollection } from './collection.ts';
import type { Host } from './host.ts';
import type { ScapContent } from './scap-content.ts';

/** Sees one kind of evidence; undefined where it saw nothing of use, and the collection's limitations say why. */
type Collector<K extends EvidenceKind> = (collection: Collection) => Promise<EvidenceData<K> | undefined>;

const collectors: { readonly [K in EvidenceKind]: Collector<K> } = {
  osRelease: collectOsRelease,
  packages: collectPackages,
  kernel: collectKernel,
  sshd: collectSshd,
  passwordPolicy: collectPasswordPolicy,
  accounts: collectAccounts,
  fileModes: collectFileModes,
  listeners: collectListeners,
  interfaces: collectInterfaces,
  firewall: collectFirewall,
  routes: collectRoutes,
  sysctls: collectSysctls,
  scapResults: collectScapResults,
};

/** Every kind of evidence that this agent can collect. */
export const collectedKinds = Object.keys(collectors) as EvidenceKind[];

/**
 * One document of evidence. Never rejects for what the host is like: what could not be seen is in `limitations`. The
 * document always satisfies its shape and the protocol's size.
 */
export async function collect<K extends EvidenceKind>(
  kind: K,
  host: Host,
  scapContent?: ScapContent,
): Promise<Evidence<K>> {
  const collection = startCollection(host, scapContent);
  const collectedAt = Math.max(0, host.now() / 1000);
  const finish = (data: EvidenceData<K> | undefined): Evidence<K> => {
    const { sources, limitations } = collection;
    const whole = { kind, schemaVersion: 1, collectedAt, sources, limitations, data };
    const document = parse(evidenceKinds[kind], whole);
    const [fault] = check(evidenceKinds[kind], document);
    if (fault) throw new RangeError(`${formatPath(fault.path)} ${fault.expected}`);
    const most = evidenceSizes[kind].document;
    if (Buffer.byteLength(JSON.stringify(document)) > most) {
      throw new RangeError(`the document has more than ${most} bytes`);
    }
    return document;
  };
  try {
    return finish(await collectors[kind](collection));
  } catch (error) {
    // A fault of ours or a host beyond what we thought of: said, and the other kinds go on.
    note(collection, error instanceof RangeError ? 'TOO_LARGE' : 'UNREADABLE', `collector ${kind}`, String(error));
    return finish(undefined);
  }
}
