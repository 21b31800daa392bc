import type { Zone } from '../../domain/zones.ts';
import { invalidInput } from './errors.ts';

/** The zone of a name. Throws an invalid input that says which there are. */
export function requireZone(zones: readonly Zone[], name: string): Zone {
  const zone = zones.find((each) => each.name === name);
  if (zone) return zone;
  const names = zones.map((each) => each.name).join(', ');
  throw invalidInput('INVALID_MEMBER', `There is no zone "${name}": there are ${names}.`);
}
