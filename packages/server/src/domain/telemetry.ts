import type { CollectionProgress } from '@assay/model/agent-protocol.ts';
import type { Evidence, EvidenceKind } from '@assay/model/evidence/kinds.ts';

/** A row of the API's telemetry metadata: how many messages of a type, and their size in bytes. */
export interface TelemetryMessages {
  readonly messageType: string;
  readonly count: number;
  readonly dataSize: number;
}

type Counter<K extends EvidenceKind> = (data: NonNullable<Evidence<K>['data']>) => Readonly<Record<string, number>>;

/** What each kind of evidence counts as, in the original's names of message types (AWS CLI's example of GetTelemetryMetadata). */
const counters: { readonly [K in EvidenceKind]: Counter<K> } = {
  osRelease: () => ({ InspectorOperatingSystem: 1 }),
  kernel: () => ({ InspectorInstanceMetaData: 1 }),
  packages: ({ databases }) => ({
    InspectorPackageInfo: databases.reduce((sum, { packages }) => sum + packages.length, 0),
  }),
  sshd: ({ files }) => ({ InspectorConfigurationInfo: Math.max(files.length, 1) }),
  passwordPolicy: ({ files }) => ({ InspectorConfigurationInfo: Math.max(files.length, 1) }),
  accounts: ({ accounts, groups }) => ({ InspectorUser: accounts.length, InspectorGroup: groups.length }),
  fileModes: ({ directories }) => ({ InspectorDirectoryInfoMsg: directories.length }),
  scapResults: ({ results }) => ({ InspectorBenchmarkResult: results.length }),
  interfaces: ({ interfaces }) => ({ InspectorNetworkInterface: interfaces.length }),
  firewall: () => ({ InspectorConfigurationInfo: 1 }),
  routes: () => ({ InspectorConfigurationInfo: 1 }),
  sysctls: () => ({ InspectorConfigurationInfo: 1 }),
  listeners: ({ listeners }) => {
    const counts: Record<string, number> = {};
    for (const { protocol, family } of listeners) {
      const type = `Inspector${protocol === 'TCP' ? 'Tcp' : 'Udp'}${family === 'IPv4' ? 'V4' : 'V6'}ListeningPort`;
      counts[type] = (counts[type] ?? 0) + 1;
    }
    return counts;
  },
};

/**
 * The messages that a document counts as; its size is shared out by count. A document without data counts as one
 * message of its first type, so that what arrived always shows.
 */
export function telemetryOf<K extends EvidenceKind>(document: Evidence<K>, size: number): TelemetryMessages[] {
  const counter = counters[document.kind as K] as Counter<K>;
  const counts = document.data === undefined ? {} : counter(document.data);
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  if (entries.length === 0) return [{ messageType: 'InspectorMonitoringStart', count: 1, dataSize: size }];
  const total = entries.reduce((sum, [, count]) => sum + count, 0);
  let left = size;
  return entries.map(([messageType, count], index) => {
    const dataSize = index === entries.length - 1 ? left : Math.floor((size * count) / total);
    left -= dataSize;
    return { messageType, count, dataSize };
  });
}

/** One row a type, and the row "Total" that the original gives as an ordinary one. */
export function sumTelemetry(messages: readonly TelemetryMessages[]): TelemetryMessages[] {
  const rows = new Map<string, TelemetryMessages>();
  let total: TelemetryMessages = { messageType: 'Total', count: 0, dataSize: 0 };
  const add = (to: TelemetryMessages, { count, dataSize }: TelemetryMessages) => ({
    ...to,
    count: to.count + count,
    dataSize: to.dataSize + dataSize,
  });
  for (const message of messages) {
    const row = rows.get(message.messageType);
    rows.set(message.messageType, row ? add(row, message) : message);
    total = add(total, message);
  }
  return messages.length === 0 ? [] : [...rows.values(), total];
}

/** `120 of 403 rules evaluated` */
export const progressText = ({ kind, done, total }: CollectionProgress): string =>
  kind === 'scapResults' ? `${done} of ${total} rules evaluated` : `${done} of ${total} of ${kind} collected`;

/** What a host has evaluated so far as rows of telemetry: nothing was sent of it yet, and the row Total does not count it. */
export const progressTelemetry = ({ kind, done, total }: CollectionProgress): TelemetryMessages[] =>
  kind === 'scapResults'
    ? [
        { messageType: 'InspectorBenchmarkResult', count: done, dataSize: 0 },
        { messageType: 'InspectorBenchmarkRule', count: total, dataSize: 0 },
      ]
    : [];
