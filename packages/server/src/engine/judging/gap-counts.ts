import type { Store } from '../../store/store.ts';
import type { KnowledgeSources, Snapshot } from './knowledge-source.ts';
import { allGaps, type FindOpenGaps, type HostDocuments } from './open-gaps-of.ts';

/** Hosts that are looked up at once, and whose documents are loaded at once. */
const [PAGE, BATCH] = [100, 20];
/** How long a count is as good as a new one, in milliseconds. */
const COUNTED_FOR = 60_000;
/** Fleets whose counts are kept: by scope and advisories. */
const KEPT = 8;

/** On how many hosts each gap leaves a package open, by its position in {@link allGaps}. */
export interface GapCount {
  readonly hosts: Uint32Array;
  /** Whether every host was looked at; else these are those that were found so far. */
  readonly complete: boolean;
}

/**
 * Counts by what each host last said it has installed, as of at most a minute ago. `scope`: its hosts, or undefined for
 * those of the whole store. Waits until what `enough` begins settles, for all hosts without it; the count goes on meanwhile. Gives
 * undefined where the advisories of this digest are served no more. Rejects while the store is unavailable.
 */
export type CountGaps = (
  scope: number | undefined,
  digest: string,
  enough?: () => Promise<unknown>,
) => Promise<GapCount | undefined>;

interface GapCountsDeps {
  readonly store: Pick<Store, 'agents' | 'evidence'>;
  readonly knowledge: Pick<KnowledgeSources, 'advisories'>;
  readonly find: FindOpenGaps;
  readonly now: () => number;
}

interface Fleet {
  /** What was found, by the digests of the documents that it was found in. */
  memory: Memory;
  counted?: { readonly hosts: Uint32Array; readonly at: number };
  running?: Running;
}

interface Running {
  readonly hosts: Uint32Array;
  readonly ended: Promise<void>;
}

type Memory = ReadonlyMap<string, Uint32Array>;

/** Counts one page of hosts after the other, and remembers what it found for as long as their documents stay the same. */
export function createGapCounts({ store, knowledge, find, now }: GapCountsDeps): CountGaps {
  const fleets = new Map<string, Fleet>();

  const fleetOf = (key: string): Fleet => {
    const fleet = fleets.get(key) ?? { memory: new Map() };
    fleets.delete(key);
    fleets.set(key, fleet);
    const idle = [...fleets].filter(([, { running }]) => running === undefined);
    for (const [eldest] of idle.slice(0, Math.max(0, fleets.size - KEPT))) fleets.delete(eldest);
    return fleet;
  };

  const start = (fleet: Fleet, scope: number | undefined, snapshot: Snapshot<'advisories'>): Running => {
    const hosts = new Uint32Array(allGaps(snapshot.value).length);
    const ended = count({ store, find }, { scope, snapshot, memory: fleet.memory, hosts })
      .then((memory) => {
        fleet.memory = memory;
        fleet.counted = { hosts, at: now() };
      })
      .finally(() => {
        delete fleet.running;
        snapshot.release();
      });
    // Told to whoever waits for it.
    ended.catch(() => undefined);
    return { hosts, ended };
  };

  return async (scope, digest, enough) => {
    const snapshot = await knowledge.advisories?.current(scope ?? 0);
    if (snapshot?.digest !== digest) return void snapshot?.release();
    const fleet = fleetOf(`${scope} ${digest}`);
    const { counted } = fleet;
    if (fleet.running || (counted && now() - counted.at < COUNTED_FOR)) snapshot.release();
    else fleet.running = start(fleet, scope, snapshot);
    if (fleet.running) await Promise.race([fleet.running.ended, ...(enough ? [enough()] : [])]);
    if (fleet.counted) return { hosts: fleet.counted.hosts, complete: true };
    return fleet.running && { hosts: fleet.running.hosts, complete: false };
  };
}

interface Pass {
  readonly scope: number | undefined;
  readonly snapshot: Snapshot<'advisories'>;
  readonly memory: Memory;
  /** Where it is added up. */
  readonly hosts: Uint32Array;
}

async function count(
  { store: { agents, evidence }, find }: Pick<GapCountsDeps, 'store' | 'find'>,
  { scope: only, snapshot, memory, hosts }: Pass,
): Promise<Memory> {
  const seen = new Map<string, Uint32Array>();
  for (let after = ''; ; ) {
    const page = await agents.everywhere(after, PAGE, only);
    const last = page.at(-1);
    if (!last) return seen;
    after = last.id;
    for (const scope of new Set(page.map((each) => each.scope))) {
      const ids = page.filter((each) => each.scope === scope).map(({ id }) => id);
      const documents = await evidence.latestDigests(scope, ['osRelease', 'packages'], ids);
      const pairs = ids.flatMap((id): Pair[] => {
        const [osRelease, packages] = [documents.get(`${id} osRelease`), documents.get(`${id} packages`)];
        return osRelease === undefined || packages === undefined ? [] : [{ osRelease, packages }];
      });
      for (let at = 0; at < pairs.length; at += BATCH) {
        const batch = pairs.slice(at, at + BATCH);
        const fresh = batch.filter((pair) => !memory.has(keyOf(pair)) && !seen.has(keyOf(pair)));
        for (const [pair, open] of await look(fresh)) seen.set(keyOf(pair), open);
        for (const pair of batch) {
          const open = seen.get(keyOf(pair)) ?? memory.get(keyOf(pair));
          if (!open) continue;
          seen.set(keyOf(pair), open);
          for (const position of open) hosts[position] = (hosts[position] ?? 0) + 1;
        }
      }
    }
  }

  async function look(pairs: readonly Pair[]): Promise<(readonly [Pair, Uint32Array])[]> {
    if (pairs.length === 0) return [];
    const contents = await evidence.contents(pairs.flatMap(({ osRelease, packages }) => [osRelease, packages]));
    const there = pairs.flatMap((pair): (readonly [Pair, HostDocuments])[] => {
      const [osRelease, packages] = [contents.get(pair.osRelease), contents.get(pair.packages)];
      return osRelease && packages ? [[pair, { osRelease, packages }]] : [];
    });
    const found = await find(
      there.map(([, documents]) => documents),
      snapshot,
    );
    return there.flatMap(([pair], at) => {
      const open = found[at];
      return open ? [[pair, open] as const] : [];
    });
  }
}

/** Digests of a host's documents. */
interface Pair {
  readonly osRelease: string;
  readonly packages: string;
}

const keyOf = ({ osRelease, packages }: Pair): string => `${osRelease} ${packages}`;
