import type { InspectColor } from 'node:util';
import type { Severity } from '../../domain/rules-package.ts';

export const severityColours: Readonly<Record<Severity, InspectColor[]>> = {
  High: ['red', 'bold'],
  Medium: ['yellow'],
  Low: ['cyan'],
  Informational: ['dim'],
  Undefined: ['dim'],
};
