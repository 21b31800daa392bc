import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { openDataDirectory } from '../packages/server/src/runtime/data-directory.ts';
import { openStore } from '../packages/server/src/store/store.ts';
import { sampleScope } from './sample-directory.ts';

/**
 * Enrols the hosts that the findings of a data directory name, and lets each have delivered evidence for every run that found
 * something on it: imported history alone is of nobody's hosts. Only for SQLite.
 */
export async function addFleet(directory: string): Promise<void> {
  const { store: location } = openDataDirectory(directory);
  if (!('file' in location)) throw new Error('The fleet of a bench is in SQLite');
  const database = new DatabaseSync(location.file);
  const ids = database
    .prepare('select distinct agent from findings where agent is not null')
    .all()
    .map(({ agent }) => String(agent));
  const store = await openStore(location);
  const now = Date.now();
  await store.transaction(async ({ agents, scopes }) => {
    const scope = await scopes.find(sampleScope);
    for (const [index, id] of ids.entries()) {
      await agents.insert(scope, {
        id,
        publicKey: randomBytes(44),
        hostname: `web-${index}`,
        operatingSystem: 'Sample Linux 1',
        kernelVersion: '6.1.0-1-amd64',
        agentVersion: '0.1.0',
        ipv4Address: '192.0.2.10',
        privileged: true,
        tags: [],
        status: 'IDLE',
        enrolledAt: now + index,
        seenAt: now,
      });
    }
  });
  await store.close();
  database.exec(`insert into run_agents (scope, run, agent, active, status, delivered_at)
    select distinct scope, run, agent, 0, 'DELIVERED', created_at from findings where agent is not null`);
  database.exec('analyze run_agents; analyze agents');
  database.close();
}
