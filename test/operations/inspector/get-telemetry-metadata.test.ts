import { beforeAll, describe, expect, test } from 'vitest';
import { addFullRun } from '../../support/full-run.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { testReferences } from '../../support/references.ts';
import { addHost, createTarget, createTemplate, idsOf, scopeOf } from '../../support/scenario.ts';
import { describeSerialization } from '../../support/serialization.ts';
import { useServer } from '../../support/use-server.ts';

const server = useServer();
let [run, other] = ['', ''];
beforeAll(async () => {
  const template = await createTemplate(server().client(), await createTarget(server().client()));
  run = (await addFullRun(server(), template, 'one')).run;
  other = (await addFullRun(server(), template, 'other')).run;
});
const telemetry = async (assessmentRunArn: string) =>
  (await rawRequest(server(), 'GetTelemetryMetadata', { assessmentRunArn })).body;

describeSerialization('GetTelemetryMetadata', server);

describe('validation', () => {
  testReferences({
    operation: 'GetTelemetryMetadata',
    kind: 'run',
    server,
    own: () => run,
    input: (assessmentRunArn) => ({ assessmentRunArn }),
  });
});

describe('behaviour', () => {
  test('a run of which nothing is kept has an empty list, without a Total', async () => {
    expect(await telemetry(run)).toEqual({ telemetryMetadata: [] });
  });
  test('messages of all hosts and documents are summed by their type, and Total is the last row', async () => {
    const { store } = server().service;
    const scope = await scopeOf(server());
    const id = idsOf(run)[2] ?? '';
    const message = (messageType: string, count: number, dataSize: number) => ({ messageType, count, dataSize });
    const documents = [
      [message('InspectorPackageInfo', 400, 9000), message('InspectorUser', 3, 30)],
      [message('InspectorPackageInfo', 100, 1000)],
    ];
    for (const [at, messages] of documents.entries()) {
      const host = await addHost(server());
      const record = { kind: 'packages' as const, size: 1, telemetry: messages, collectedAt: 1, receivedAt: 1 };
      await store.evidence.put(scope, id, { ...record, agent: host.id, digest: `digest ${at}` }, Buffer.from('{}'));
    }
    const { telemetryMetadata } = await telemetry(run);
    const rows = telemetryMetadata as { messageType: string }[];
    expect(rows.at(-1)).toEqual(message('Total', 503, 10_030));
    expect(rows.slice(0, -1).sort((a, b) => (a.messageType < b.messageType ? -1 : 1))).toEqual([
      message('InspectorPackageInfo', 500, 10_000),
      message('InspectorUser', 3, 30),
    ]);
    expect(await telemetry(other)).toEqual({ telemetryMetadata: [] });
  });
});
