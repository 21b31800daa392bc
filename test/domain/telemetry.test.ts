import type { Evidence } from '@assay/model/evidence/kinds.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumTelemetry, telemetryOf } from '../../packages/server/src/domain/telemetry.ts';

const document = { schemaVersion: 1, collectedAt: 1_700_000_000, sources: [], limitations: [] };
const listener = (protocol: 'TCP' | 'UDP', family: 'IPv4' | 'IPv6') => ({ protocol, family, address: '::', port: 22 });
const listeners = (data: ReturnType<typeof listener>[]): Evidence<'listeners'> => ({
  ...document,
  kind: 'listeners',
  data: { listeners: data },
});

test('listeners count by protocol and family', () => {
  const sockets = [listener('TCP', 'IPv4'), listener('TCP', 'IPv6'), listener('TCP', 'IPv4'), listener('UDP', 'IPv6')];
  expect(telemetryOf(listeners(sockets), 400)).toEqual([
    { messageType: 'InspectorTcpV4ListeningPort', count: 2, dataSize: 200 },
    { messageType: 'InspectorTcpV6ListeningPort', count: 1, dataSize: 100 },
    { messageType: 'InspectorUdpV6ListeningPort', count: 1, dataSize: 100 },
  ]);
});

test('a document without data, or with nothing in it, still shows that it came', () => {
  const empty = [{ messageType: 'InspectorMonitoringStart', count: 1, dataSize: 70 }];
  expect(telemetryOf<'kernel'>({ ...document, kind: 'kernel' }, 70)).toEqual(empty);
  expect(telemetryOf(listeners([]), 70)).toEqual(empty);
});

test('sizes are shared out whole, and the total is the sum of all rows', () => {
  const socket = fc.constantFrom(
    listener('TCP', 'IPv4'),
    listener('TCP', 'IPv6'),
    listener('UDP', 'IPv4'),
    listener('UDP', 'IPv6'),
  );
  const sent = fc.record({ sockets: fc.array(socket, { maxLength: 20 }), size: fc.nat(1_000_000) });
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 8 }), (documents) => {
      const messages = documents.flatMap(({ sockets, size }) => telemetryOf(listeners(sockets), size));
      for (const { count, dataSize } of messages) expect(count > 0 && dataSize >= 0).toBe(true);
      const rows = sumTelemetry(messages);
      const total = rows.filter(({ messageType }) => messageType === 'Total');
      const others = rows.filter(({ messageType }) => messageType !== 'Total');
      expect(new Set(others.map(({ messageType }) => messageType)).size).toBe(others.length);
      const sum = [
        {
          messageType: 'Total',
          count: others.reduce((all, { count }) => all + count, 0),
          dataSize: documents.reduce((all, { size }) => all + size, 0),
        },
      ];
      expect(total).toEqual(documents.length === 0 ? [] : sum);
    }),
  );
});
