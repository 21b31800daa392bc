import { createHash } from 'node:crypto';
import { defaultZones, type Zone } from '../../domain/zones.ts';
import type { Store } from '../../store/store.ts';
import type { KnowledgeSource, Snapshot } from './knowledge-source.ts';

type Settings = Pick<Store['settings'], 'find' | 'put'>;

interface KeptZones {
  readonly zones: readonly Zone[];
  /** When they were declared, milliseconds since the epoch; 0 for the default ones. */
  readonly declaredAt: number;
}

const current = (scope: number): string => `zones/${scope}`;
const version = (scope: number, digest: string): string => `zones/${scope}/${digest}`;
const digestOf = ({ zones }: KeptZones): string => createHash('sha256').update(JSON.stringify(zones)).digest('hex');

const byDefault: KeptZones = { zones: defaultZones, declaredAt: 0 };

/** The zones that an account declared for a region, or the default ones. */
export async function zonesOfScope(settings: Settings, scope: number): Promise<KeptZones> {
  const kept = await settings.find(current(scope));
  return kept === undefined ? byDefault : (JSON.parse(kept) as KeptZones);
}

/** Declares zones; every version stays, so that runs can be judged again by theirs. */
export async function declareZones(
  settings: Settings,
  scope: number,
  zones: readonly Zone[],
  now: number,
): Promise<void> {
  const kept: KeptZones = { zones, declaredAt: now };
  await settings.put(version(scope, digestOf(kept)), JSON.stringify(kept));
  await settings.put(current(scope), JSON.stringify(kept));
}

/** Zones as knowledge of runs. What a thread opens is not a file's path but the zones themselves: they are small. */
export function zonesSource(settings: Settings): KnowledgeSource<'zones'> {
  const snapshot = (kept: KeptZones): Snapshot<'zones'> => {
    const digest = digestOf(kept);
    return {
      name: digest,
      digest,
      feeds: kept.declaredAt === 0 ? [] : [{ name: 'declared zones', updatedAt: kept.declaredAt, digest }],
      value: kept.zones,
      file: JSON.stringify(kept),
      release: () => undefined,
    };
  };
  return {
    current: async (scope) => snapshot(await zonesOfScope(settings, scope)),
    named: async (name, scope) => {
      if (name === digestOf(byDefault)) return snapshot(byDefault);
      const kept = await settings.find(version(scope, name));
      return kept === undefined ? undefined : snapshot(JSON.parse(kept) as KeptZones);
    },
  };
}

/** What {@link zonesSource} calls the file of a snapshot. */
export function openZones(file: string): { readonly digest: string; readonly value: readonly Zone[] } {
  const kept = JSON.parse(file) as KeptZones;
  return { digest: digestOf(kept), value: kept.zones };
}
