import type { ServiceModel } from '../service-model.ts';
import { assayOperations } from './operations.ts';

/** Assay's own service, beside Inspector's. */
export const assayModel = {
  name: 'assay',
  targetPrefix: 'Assay_20261201',
  apiVersion: '2026-12-01',
  operations: assayOperations,
} as const satisfies ServiceModel;
