import { zonesFault } from '../../domain/zones.ts';
import { declareZones } from '../../engine/judging/zones-source.ts';
import { invalidInput } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { zoneItem } from './zone-item.ts';

export const setZones: AssayOperation<'SetZones', 'store' | 'now'> =
  ({ store, now }) =>
  async ({ zones }, { scope }) => {
    const fault = zonesFault(zones);
    if (fault !== undefined) throw invalidInput('INVALID_MEMBER', `The zones are refused: ${fault}.`);
    await declareZones(store.settings, scope, zones.map(zoneItem), now());
    return { zones: zones.map(zoneItem) };
  };
