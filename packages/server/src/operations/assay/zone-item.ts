import type { AssayOutput } from '@assay/model/assay/operations.ts';
import type { Zone } from '../../domain/zones.ts';

/** A zone as the API shows it. */
export const zoneItem = ({
  name,
  routeType,
  networks,
  interfaces,
}: Zone): AssayOutput<'GetZones'>['zones'][number] => ({
  name,
  routeType,
  ...(networks && { networks: [...networks] }),
  ...(interfaces && { interfaces: [...interfaces] }),
});
