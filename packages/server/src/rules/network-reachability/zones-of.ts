import type { Knowledge } from '../../domain/rules-package.ts';
import { defaultZones, type Zone } from './zones.ts';

/** The zones that hosts are looked at from: the operator's, or the original's three. */
export const zonesOf = (_: Knowledge): readonly Zone[] => defaultZones;
