import type { AssayOutput } from '@assay/model/assay/operations.ts';

export type AccessKey = AssayOutput<'ListAccessKeys'>['accessKeys'][number];
