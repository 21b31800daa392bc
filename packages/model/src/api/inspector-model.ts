import type { ServiceModel } from '../service-model.ts';
import { operations } from './operations.ts';

/** Amazon Inspector Classic. Source: the published API model's metadata. */
export const inspectorModel = {
  name: 'inspector',
  targetPrefix: 'InspectorService',
  apiVersion: '2016-02-16',
  operations,
} as const satisfies ServiceModel;
