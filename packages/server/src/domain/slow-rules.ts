/**
 * Rules of ComplianceAsCode that walk through the whole file system. On a host with many files each of them takes longer
 * than all others together.
 */
const slow = [
  'file_permissions_ungroupowned',
  'file_permissions_unauthorized_world_writable',
  'file_permissions_unauthorized_sgid',
  'file_permissions_unauthorized_suid',
  'no_files_or_dirs_ungroupowned',
  'no_files_or_dirs_unowned_by_user',
  'no_files_unowned_by_user',
];

export const isSlowRule = (id: string): boolean => slow.some((name) => id.endsWith(`_rule_${name}`));
