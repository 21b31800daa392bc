import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { runCommand } from '@assay/agent/host/run-command.ts';
import type { Host } from '@assay/agent/host.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { expect, test } from 'vitest';
import { createApiClient } from '../../../packages/server/src/cli/client/api-client.ts';
import { assessInProcess, nothingDeclared } from '../../../packages/server/src/cli/scan/assess-in-process.ts';
import { assessThisHost } from '../../../packages/server/src/cli/scan/assess-this-host.ts';
import { exclusionsOf, findingsOf } from '../../../packages/server/src/cli/scan/assessment.ts';
import { thisHostTag } from '../../../packages/server/src/cli/scan/first-assessment.ts';
import { noAdvisories } from '../../../packages/server/src/engine/judging/advisory-source.ts';
import { noContent } from '../../../packages/server/src/engine/judging/content-source.ts';
import type { FeedItem } from '../../../packages/server/src/feeds/imported-record.ts';
import { buildIndex } from '../../../packages/server/src/feeds/index/build-index.ts';
import { readFeed } from '../../../packages/server/src/feeds/sources/read-feed.ts';
import { rulesPackages } from '../../../packages/server/src/rules/index.ts';
import { fixedAdvisorySource } from '../../../packages/server/src/runtime/advisory-source.ts';
import { openContentSource } from '../../../packages/server/src/runtime/content-source.ts';
import { knowledgeSources } from '../../../packages/server/src/runtime/knowledge-sources.ts';
import {
  eventually,
  newToken,
  scope,
  serverForTest,
  startAgent,
  temporaryDirectory,
} from '../../agent/agent-server.ts';
import { debianRecord, writeDebianRoot, writeFeed } from '../../support/debian-host.ts';
import { noOscap, tinyRoot } from '../../support/oscap-root.ts';
import { add, newContentDirectory } from '../../support/scap.ts';
import { testKey } from '../../support/test-server.ts';

interface Given {
  readonly host: Host;
  readonly advisories?: ReturnType<typeof fixedAdvisorySource>;
  readonly content?: ReturnType<typeof openContentSource>;
  readonly attributes?: { key: string; value: string }[];
}

const every = rulesPackages.map(({ name }) => name);
const DAY = 86_400_000;
const silent = () => new PassThrough().resume() as unknown as NodeJS.WriteStream;

/** As `assay scan` answers. */
async function scanned({ host, advisories = undefined, content = noContent, attributes = [] }: Given) {
  const knowledge = knowledgeSources({ advisories: advisories ?? noAdvisories, content, store: nothingDeclared });
  const { findings, ...rest } = await assessInProcess({
    ...{ scope, host, packages: every, knowledge, content, attributes },
    ...{ progress: silent(), temporary: temporaryDirectory(), signal: new AbortController().signal },
  });
  return told({ findings: findings.map(({ packages: _, ...finding }) => finding), ...rest });
}

/** As a server answers, whose agent looked at the same. */
async function ran({ host, advisories = undefined, content = noContent, attributes = [] }: Given) {
  const server = await serverForTest({ service: { advisories: advisories ?? noAdvisories, content } });
  const { store } = server.service;
  const agent = startAgent({
    server: new URL(server.endpoint),
    stateDir: temporaryDirectory(),
    token: await newToken(server),
    tags: [thisHostTag],
    host,
  });
  await eventually('the agent', () => agent.log.find((line) => line.startsWith('Waiting')));
  const client = createApiClient(server.endpoint, scope.region, testKey);
  const { runArn, coverage } = await assessThisHost(store, client, scope, every, silent(), attributes);
  return told({ findings: await findingsOf(client, runArn), exclusions: await exclusionsOf(client, runArn), coverage });
}

interface Told {
  readonly findings: readonly { readonly id?: string | undefined }[];
  readonly exclusions: readonly object[];
  readonly coverage: object;
}

/** Without ids that are drawn and times that pass; a run's exclusions, and findings under one id, have no order. */
function told(all: Told) {
  const text = JSON.stringify(all)
    .replaceAll(/\bi-[0-9a-f]{17}\b/g, 'i-HOST')
    .replaceAll(/\b0-[0-9A-Za-z]{8}\b/g, '0-ID')
    .replaceAll(/"(createdAt|updatedAt)":[0-9.]+/g, '"$1":0');
  const { findings, exclusions, coverage } = JSON.parse(text) as Told;
  const sorted = (list: readonly object[]) => list.map((each) => [JSON.stringify(each), each] as const).sort();
  return { order: findings.map(({ id }) => id), findings: sorted(findings), exclusions: sorted(exclusions), coverage };
}

async function indexOf(records: readonly object[], updatedAt = Date.now()) {
  const folder = temporaryDirectory();
  const feed = join(folder, 'feed.jsonl.gz');
  writeFeed(feed, records);
  const file = join(folder, 'index.sqlite');
  const database = new DatabaseSync(file);
  async function* items(): AsyncGenerator<FeedItem> {
    for await (const outcome of readFeed('osv', feed)) if ('item' in outcome) yield outcome.item;
  }
  const origin = { name: 'Debian', kind: 'osv', updatedAt, digest: '', records: records.length };
  await buildIndex(database, join(folder, 'staging.sqlite'), [{ origin, items }]);
  database.close();
  return fixedAdvisorySource(file);
}

function debianRoot(): string {
  const root = temporaryDirectory();
  writeDebianRoot(root, [
    { name: 'libssl3', version: '3.0.9-1', source: 'openssl' },
    { name: 'openssl', version: '3.0.9-1' },
    { name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: 'zlib' },
    { name: 'bash', version: '5.2.15-2+b2' },
    { name: 'odd', version: 'not a version' },
  ]);
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('etc/ssh/sshd_config', 'PermitRootLogin yes\nPasswordAuthentication yes\n');
  write('usr/sbin/sshd', '');
  write('etc/login.defs', 'PASS_MAX_DAYS 99999\nPASS_MIN_LEN 5\n');
  write('etc/pam.d/common-password', 'password [success=1 default=ignore] pam_unix.so obscure yescrypt\n');
  write('proc/sys/kernel/randomize_va_space', '0\n');
  return root;
}

const high = { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] };
const records = [
  { ...debianRecord('CVE-2023-5363', 'openssl', '3.0.11-1~deb12u2'), ...high },
  debianRecord('CVE-2020-1000', 'openssl', '3.0.0-1'),
  { ...debianRecord('CVE-2023-45853', 'zlib', null), ...high },
  debianRecord('CVE-2022-3715', 'bash', null, { ecosystem_specific: { urgency: 'unimportant' } }),
  debianRecord('CVE-2024-0001', 'odd', '2.0'),
];

test.each([
  ['a host with findings of many kinds', 0],
  ['advisories that are out of date', 30],
])('says what a server says of the same evidence: %s', async (_, days) => {
  const host = await openHost(debianRoot());
  const advisories = await indexOf(records, Date.now() - days * DAY);
  const given = { host, advisories, attributes: [{ key: 'team', value: 'blue' }] };
  const own = await scanned(given);
  expect(own.order).toContain('CVE-2023-5363');
  expect(JSON.stringify(own.exclusions).includes('older than a week')).toBe(days > 7);
  expect(own).toEqual(await ran(given));
});

test('without advisories and content, and of a system that nobody knows', async () => {
  const host = await openHost(debianRoot());
  const own = await scanned({ host });
  expect(JSON.stringify(own.exclusions)).toContain('assay feeds update');
  expect(own).toEqual(await ran({ host }));

  const nobody = await openHost(temporaryDirectory());
  const nothing = await scanned({ host: nobody, advisories: await indexOf(records) });
  expect(nothing.findings).toEqual([]);
  expect(nothing).toEqual(await ran({ host: nobody, advisories: await indexOf(records) }));
});

test('SCAP content is chosen and evaluated as for an agent; a profile that there is none of is said', async () => {
  const { root, stream } = tinyRoot();
  const directory = newContentDirectory();
  await add(directory, stream);
  const content = openContentSource(directory, (message) => expect.fail(message));
  // Its own oscap, asked about the files of this root.
  const host = { ...(await openHost(root)), run: runCommand };
  const own = await scanned({ host, content });
  if (!noOscap) expect(own.order.some((id) => id?.includes('umask'))).toBe(true);
  expect(own).toEqual(await ran({ host, content }));

  const attributes = [{ key: 'assay:cis-profile', value: 'level9' }];
  const refused = await scanned({ host, content, attributes });
  expect(JSON.stringify(refused.exclusions)).toContain('level9');
  expect(refused).toEqual(await ran({ host, content, attributes }));
});
