import type { ImportKind } from './import-kind.ts';
import { crossAccountRoles } from './kinds/cross-account-roles.ts';
import { eventSubscriptions } from './kinds/event-subscriptions.ts';
import { exclusions } from './kinds/exclusions.ts';
import { findings } from './kinds/findings.ts';
import { resourceGroups } from './kinds/resource-groups.ts';
import { runs } from './kinds/runs.ts';
import { targets } from './kinds/targets.ts';
import { templateTags } from './kinds/template-tags.ts';
import { templates } from './kinds/templates.ts';

/** What can be imported, by the `kind` of a line; parents before their children. */
export const kinds = {
  resourceGroup: resourceGroups,
  assessmentTarget: targets,
  assessmentTemplate: templates,
  tags: templateTags,
  eventSubscription: eventSubscriptions,
  assessmentRun: runs,
  finding: findings,
  exclusion: exclusions,
  crossAccountAccessRole: crossAccountRoles,
} as const satisfies Record<string, ImportKind>;

export type KindName = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as KindName[];
