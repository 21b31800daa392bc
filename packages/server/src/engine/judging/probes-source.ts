import { createHash } from 'node:crypto';
import type { Probe } from '../../domain/probes.ts';
import type { Store } from '../../store/store.ts';
import type { KnowledgeSource, Snapshot } from './knowledge-source.ts';

type Settings = Pick<Store['settings'], 'find' | 'put'>;

const DAY = 24 * 60 * 60_000;
/** How long a probe is kept. */
const KEPT = 7 * DAY;
/** Of an account in a region: some megabytes. */
const MOST = 20_000;

/** More probes than are kept of one account. */
export class TooManyProbes extends Error {}

const current = (scope: number): string => `probes/${scope}`;
const version = (scope: number, digest: string): string => `probes/${scope}/${digest}`;
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const keyOf = ({ host, address, zone, vantage }: Probe): string => JSON.stringify([host, address, zone, vantage]);

export async function probesOfScope(settings: Pick<Settings, 'find'>, scope: number): Promise<readonly Probe[]> {
  return JSON.parse((await settings.find(current(scope))) ?? '[]') as Probe[];
}

/** Adds probes to those that are kept: call it in a transaction. Throws {@link TooManyProbes}. */
export async function recordProbes(
  settings: Settings,
  scope: number,
  probes: readonly Probe[],
  now: number,
): Promise<void> {
  const kept = new Map((await probesOfScope(settings, scope)).map((probe) => [keyOf(probe), probe]));
  for (const [key, { at }] of kept) if (now - at > KEPT) kept.delete(key);
  for (const probe of probes) kept.set(keyOf(probe), probe);
  if (kept.size > MOST) throw new TooManyProbes(`more than ${MOST} probes of the last week`);
  await settings.put(current(scope), JSON.stringify([...kept.values()]));
}

/** Probes as knowledge of runs. A run that judges by some keeps them, so that it can be evaluated again. */
export function probesSource(settings: Settings): KnowledgeSource<'probes'> {
  const snapshot = (text: string): Snapshot<'probes'> => {
    const value = JSON.parse(text) as readonly Probe[];
    const digest = digestOf(text);
    const updatedAt = Math.max(...value.map(({ at }) => at));
    return {
      name: digest,
      digest,
      feeds: [{ name: 'probes from outside', updatedAt, digest }],
      value,
      file: text,
      release: () => undefined,
    };
  };
  return {
    current: async (scope) => {
      const text = await settings.find(current(scope));
      if (text === undefined || text === '[]') return undefined;
      await settings.put(version(scope, digestOf(text)), text);
      return snapshot(text);
    },
    named: async (name, scope) => {
      const text = await settings.find(version(scope, name));
      return text === undefined ? undefined : snapshot(text);
    },
  };
}

/** What {@link probesSource} calls the file of a snapshot. */
export const openProbes = (file: string): { readonly digest: string; readonly value: readonly Probe[] } => ({
  digest: digestOf(file),
  value: JSON.parse(file) as readonly Probe[],
});
