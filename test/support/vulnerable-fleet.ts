import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Agent } from '../../packages/server/src/domain/agent.ts';
import { feedsDirectory } from '../../packages/server/src/feeds/feeds-directory.ts';
import type { FeedPorts } from '../../packages/server/src/feeds/fetch/feed-ports.ts';
import { updateFeeds } from '../../packages/server/src/feeds/update-feeds.ts';
import { openAdvisorySource } from '../../packages/server/src/runtime/advisory-source.ts';
import { type InstalledPackage, writeFeed } from './debian-host.ts';
import { openTestFleet, type TestFleet } from './test-fleet.ts';

export const region = 'eu-west-1';

/** What an agent on Debian 12 reports, as far as vulnerabilities go. */
export function debianEvidence(packages: readonly InstalledPackage[], hostname = 'web'): HostEvidence {
  const document = { schemaVersion: 1, collectedAt: 1_700_000_000, sources: [], limitations: [] };
  const osRelease: EvidenceData<'osRelease'> = {
    id: 'debian',
    idLike: [],
    versionId: '12',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    hostname,
    architecture: 'x86_64',
  };
  const installed = packages.map(({ name, version, source }) => ({
    name,
    version,
    architecture: 'amd64',
    ...(source === undefined ? {} : { sourceName: source, sourceVersion: version }),
  }));
  return {
    osRelease: { ...document, kind: 'osRelease', data: osRelease },
    packages: { ...document, kind: 'packages', data: { databases: [{ manager: 'dpkg', packages: installed }] } },
    kernel: { ...document, kind: 'kernel', data: { release: '6.1.0-30-amd64', architecture: 'x86_64' } },
  } as HostEvidence;
}

export interface VulnerableFleet extends TestFleet {
  /** Serves these records from now on, as of a time in milliseconds; the name of the generation. */
  readonly feed: (records: readonly object[], at?: number) => Promise<string>;
  /** Judges hosts, each with its packages, in a run of its own; its id. */
  readonly assess: (hosts: readonly (readonly [Agent, readonly InstalledPackage[]])[]) => Promise<string>;
}

/** A fleet in a data directory that commands can be given, with feeds of its own. */
export async function openVulnerableFleet(): Promise<VulnerableFleet> {
  const fleet = await openTestFleet();
  const directory = feedsDirectory(fleet.directory);
  const source = openAdvisorySource(directory, (message, error) => {
    throw new Error(message, { cause: error });
  });
  fleet.advisories = source;
  const ports = (at: number): FeedPorts => ({
    now: () => at,
    fetch: () => Promise.reject(new Error('no network')),
    sleep: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  });
  const close = fleet.close;
  return Object.assign(fleet, {
    feed: async (records: readonly object[], at = fleet.now): Promise<string> => {
      const path = join(fleet.directory, 'fed.jsonl.gz');
      mkdirSync(fleet.directory, { recursive: true });
      writeFeed(path, records);
      const { feeds } = await updateFeeds(ports(at), directory, [{ name: 'Debian', source: path }]);
      rmSync(path);
      if (feeds.some(({ outcome }) => outcome === 'failed')) throw new Error(JSON.stringify(feeds));
      const generation = source.current();
      generation?.release();
      return generation?.name ?? '';
    },
    assess: async (hosts: readonly (readonly [Agent, readonly InstalledPackage[]])[]): Promise<string> => {
      for (const [agent] of hosts) await fleet.store.agents.touch(fleet.scope, agent.id, 'IDLE', fleet.now);
      const run = await fleet.startRun({ packages: ['Common Vulnerabilities and Exposures'] });
      await fleet.collect(run);
      for (const [agent, packages] of hosts) await fleet.deliver(run, agent, debianEvidence(packages, agent.hostname));
      fleet.now += 180_001;
      await fleet.collect(run);
      await fleet.evaluate(run);
      return run;
    },
    close: async (options?: { keep: boolean }): Promise<void> => {
      source.close();
      await close(options);
    },
  });
}
