import { asff } from './asff.ts';
import { cyclonedx } from './cyclonedx.ts';
import type { ExportFormat } from './exported.ts';
import { ocsf } from './ocsf.ts';
import { openvex } from './openvex.ts';
import { sarif } from './sarif.ts';

/** Formats of other tools, by the names that `--format` takes. */
export const exportFormats = { sarif, ocsf, asff, cyclonedx, openvex } as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof exportFormats;

export const exportFormatNames = Object.keys(exportFormats) as ExportFormatName[];

export const isExportFormat = (name: string): name is ExportFormatName => Object.hasOwn(exportFormats, name);
