import { zonesOfScope } from '../../engine/judging/zones-source.ts';
import type { AssayOperation } from './operation.ts';
import { zoneItem } from './zone-item.ts';

export const getZones: AssayOperation<'GetZones', 'store'> =
  ({ store }) =>
  async (_, { scope }) => {
    const { zones, declaredAt } = await zonesOfScope(store.settings, scope);
    return { declared: declaredAt !== 0, zones: zones.map(zoneItem) };
  };
