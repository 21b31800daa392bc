import type { Knowledge } from '../../domain/rules-package.ts';
import { defaultZones, type Zone } from '../../domain/zones.ts';

/** The zones that hosts are looked at from: the operator's, or the original's three. */
export const zonesOf = ({ zones }: Knowledge): readonly Zone[] => zones ?? defaultZones;
