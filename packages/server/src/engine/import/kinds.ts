import type { ImportKind } from './import-kind.ts';
import { exclusions } from './kinds/exclusions.ts';
import { findings } from './kinds/findings.ts';
import { resourceGroups } from './kinds/resource-groups.ts';
import { runs } from './kinds/runs.ts';
import { targets } from './kinds/targets.ts';
import { templates } from './kinds/templates.ts';

/** What can be imported, by the `kind` of a line. */
export const kinds = {
  resourceGroup: resourceGroups,
  assessmentTarget: targets,
  assessmentTemplate: templates,
  assessmentRun: runs,
  finding: findings,
  exclusion: exclusions,
} as const satisfies Record<string, ImportKind>;

export type KindName = keyof typeof kinds;
