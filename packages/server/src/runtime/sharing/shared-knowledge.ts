import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../../store/store.ts';
import { isUnavailable } from '../../store/unavailable.ts';
import { CliError } from '../cli-error.ts';
import type { Clock } from '../clock.ts';
import {
  areKept,
  fetchFiles,
  keptFiles,
  readManifest,
  removeScratch,
  type StoredFile,
  writeFiles,
  writeManifest,
} from './shared-files.ts';
import type { KnowledgeState, SharedKind } from './shared-kind.ts';

/** How often a server looks whether another one has shared something, or has something to share: milliseconds. */
const LOOK_EVERY = 5000;
/** Looks in a row after others shared something at the same moment. */
const ATTEMPTS = 3;
/** Names this store: a data directory may be given another. */
const STORE_ID = 'shared store';
/** In a directory of knowledge: what its server took from the store last, or gave to it. */
const BASE = 'shared.json';

/** What the servers of a store judge by; the row of the store that says it. */
interface SharedRecord {
  /** One more with each change. */
  readonly sequence: number;
  readonly identity: string;
  /** Milliseconds since the epoch. */
  readonly sharedAt: number;
  readonly manifest: StoredFile;
}

interface Base extends Pick<SharedRecord, 'sequence' | 'identity'> {
  readonly store: string;
}

export interface SharingDeps {
  readonly store: Pick<Store, 'settings' | 'sharedFiles' | 'transaction'>;
  readonly kinds: readonly SharedKind[];
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly report: (message: string, error?: unknown) => void;
}

export interface SharedKnowledge {
  /**
   * Brings what is in force here and what the servers of the store share to the same state: takes it, gives it, or puts
   * both together. Resolves to why what is here is older than what is shared, undefined where it is not. Rejects only while
   * the store is unavailable.
   */
  readonly catchUp: (kind: SharedKind['kind']) => Promise<string | undefined>;
  /** Does so every few seconds until `stop` aborts. */
  readonly run: (stop: AbortSignal, sleep: Clock['sleep']) => Promise<void>;
}

export function createSharedKnowledge(given: SharingDeps): SharedKnowledge {
  const deps: Looking = { ...given, whole: new Set() };
  const { kinds, now, report } = deps;
  const atWork = new Map<string, Promise<string | undefined>>();
  const said = new Map<string, string>();
  const say = (kind: string, message: string, error: unknown): void => {
    const text = `${message}: ${(error as Error).message}`;
    if (said.get(kind) !== text) report(message, error);
    said.set(kind, text);
  };
  const look = async (kind: SharedKind): Promise<string | undefined> => {
    try {
      for (let attempt = 1; ; attempt++) {
        const step = await nextStep(deps, kind);
        try {
          if (await step.act()) break;
        } catch (error) {
          if (isUnavailable(error)) throw error;
          // What another server changed at this moment is there at the next look.
          if (attempt < ATTEMPTS && !(error instanceof CliError)) continue;
          if (step.name === 'GIVE') {
            say(
              kind.kind,
              `The ${wordsFor[kind.kind]} of this server cannot be shared with the others of its store`,
              error,
            );
            return undefined;
          }
          say(kind.kind, `The ${wordsFor[kind.kind]} that another server shared cannot be taken; runs say so`, error);
          return (error as Error).message;
        }
        if (attempt === ATTEMPTS) return 'other servers change them all the time';
      }
    } catch (error) {
      if (isUnavailable(error)) throw error;
      say(
        kind.kind,
        `The ${wordsFor[kind.kind]} of this server cannot be compared with the shared ones; runs say so`,
        error,
      );
      return (error as Error).message;
    }
    said.delete(kind.kind);
    return undefined;
  };
  const catchUp: SharedKnowledge['catchUp'] = (name) => {
    const kind = kinds.find((each) => each.kind === name);
    if (!kind) return Promise.resolve(undefined);
    const going = atWork.get(name);
    if (going) return going;
    const looking = look(kind).finally(() => atWork.delete(name));
    atWork.set(name, looking);
    return looking;
  };
  return {
    catchUp,
    run: async (stop, sleep) => {
      for (const { directory } of kinds) removeScratch(directory, now());
      while (!stop.aborted) {
        // While the store is away nobody shares anything.
        for (const { kind } of kinds) if (!stop.aborted) await catchUp(kind).catch(() => undefined);
        await sleep(LOOK_EVERY, stop);
      }
    },
  };
}

interface Looking extends SharingDeps {
  /** Identities of which the store was seen to have every file. */
  readonly whole: Set<string>;
}

const wordsFor = { advisories: 'advisories', content: 'SCAP content' } as const satisfies Record<
  SharedKind['kind'],
  string
>;
const settingOf = ({ kind }: SharedKind): string => `shared ${kind}`;

interface Step {
  readonly name: 'NONE' | 'GIVE' | 'TAKE' | 'MERGE';
  /** True when what is here is what is shared then; false where that is to be looked at again. */
  readonly act: () => Promise<boolean>;
}

/** What brings this directory and the store together, by what is in both and what this directory last had of the store. */
async function nextStep(deps: Looking, kind: SharedKind): Promise<Step> {
  const { settings } = deps.store;
  const store = await settings.settle(STORE_ID, randomUUID());
  const record = await recordOf(settings, kind);
  const here = kind.state();
  if (!record) {
    if (!here) return { name: 'NONE', act: async () => true };
    return { name: 'GIVE', act: () => give(deps, kind, here, undefined, store) };
  }
  const base = readBase(kind);
  const asBefore = base?.store === store && base.sequence === record.sequence && base.identity === record.identity;
  if (here?.identity === record.identity) {
    // A store that was moved or restored without them gets its files again.
    if (!(await isWhole(deps, kind, record))) {
      return { name: 'GIVE', act: () => give(deps, kind, here, record, store) };
    }
    return {
      name: 'NONE',
      act: async () => {
        if (!asBefore) writeBase(kind, record, store);
        return true;
      },
    };
  }
  if (here && asBefore) return { name: 'GIVE', act: () => give(deps, kind, here, record, store) };
  // A store that went back, as after a restore, does not make this directory go back.
  const unchanged = base?.store === store && base.sequence < record.sequence && base.identity === here?.identity;
  if (!here || unchanged) return { name: 'TAKE', act: () => take(deps, kind, record, store) };
  return { name: 'MERGE', act: () => merge(deps, kind, record, store) };
}

async function recordOf(
  settings: Pick<Store['settings'], 'find'>,
  kind: SharedKind,
): Promise<SharedRecord | undefined> {
  const text = await settings.find(settingOf(kind));
  return text === undefined ? undefined : (JSON.parse(text) as SharedRecord);
}

async function isWhole(
  { store, whole }: Looking,
  kind: SharedKind,
  { identity, manifest }: SharedRecord,
): Promise<boolean> {
  if (whole.has(identity)) return true;
  const known = await readManifest(store.sharedFiles, kind, manifest).catch((error: unknown) => {
    if (isUnavailable(error)) throw error;
    return undefined;
  });
  if (!known || !(await areKept(store.sharedFiles, kind, keptFiles(known.files, manifest)))) return false;
  whole.add(identity);
  return true;
}

/** Shares what is here, unless another server has shared something since `before`. */
async function give(
  { store, now }: SharingDeps,
  kind: SharedKind,
  state: KnowledgeState,
  before: SharedRecord | undefined,
  storeId: string,
): Promise<boolean> {
  const { sharedFiles } = store;
  // What cannot be read of it is written again.
  const known = before && (await readManifest(sharedFiles, kind, before.manifest).catch(() => undefined));
  const files = await writeFiles(sharedFiles, kind, state.files, known?.files ?? []);
  const manifest = await writeManifest(sharedFiles, kind, { texts: state.texts, files });
  const { identity } = state;
  const record: SharedRecord = { sequence: (before?.sequence ?? 0) + 1, identity, sharedAt: now(), manifest };
  const given = await store.transaction(async (tables) => {
    const there = await recordOf(tables.settings, kind);
    if (there?.sequence !== before?.sequence || there?.identity !== before?.identity) return false;
    const kept = keptFiles(files, manifest);
    // Another server may have deleted some of them when it shared something in between.
    if (!(await areKept(tables.sharedFiles, kind, kept))) return false;
    await tables.settings.put(settingOf(kind), JSON.stringify(record));
    await tables.sharedFiles.keepOnly(kind.kind, [...kept.keys()]);
    return true;
  });
  if (given) writeBase(kind, record, storeId);
  return given;
}

async function take(
  { store, log }: SharingDeps,
  kind: SharedKind,
  record: SharedRecord,
  storeId: string,
): Promise<boolean> {
  const before = kind.state()?.identity;
  const taken = await kind.changing(async () => {
    if (kind.state()?.identity !== before) return false;
    const { texts, files } = await readManifest(store.sharedFiles, kind, record.manifest);
    await fetchFiles(store.sharedFiles, kind, files);
    kind.adopt(texts);
    writeBase(kind, record, storeId);
    return true;
  });
  if (taken)
    log(
      `The ${wordsFor[kind.kind]} that another server shared ${new Date(record.sharedAt).toISOString()} are in force`,
    );
  return taken;
}

/** What comes of it is given in the next step, unless it is what is shared. */
async function merge(
  { store, log }: SharingDeps,
  kind: SharedKind,
  record: SharedRecord,
  storeId: string,
): Promise<boolean> {
  await kind.changing(async () => {
    const { texts, files } = await readManifest(store.sharedFiles, kind, record.manifest);
    await fetchFiles(store.sharedFiles, kind, files);
    await kind.merge(texts);
    writeBase(kind, record, storeId);
  });
  log(`The ${wordsFor[kind.kind]} of this server and of another were put together: the newer of each`);
  return false;
}

function readBase({ directory }: SharedKind): Base | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, BASE), 'utf8')) as Base;
  } catch {
    // Without it, nothing here gives way to what is older.
    return undefined;
  }
}

const writeBase = ({ directory }: SharedKind, { sequence, identity }: SharedRecord, store: string): void =>
  writeFileSync(join(directory, BASE), `${JSON.stringify({ store, sequence, identity } satisfies Base)}\n`, {
    mode: 0o600,
  });
