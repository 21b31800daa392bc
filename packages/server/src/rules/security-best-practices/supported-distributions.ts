import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import type { Support } from '../../domain/rules-package.ts';
import { quote } from './quote.ts';

const known =
  /^(?:debian|ubuntu|rhel|centos|rocky|almalinux|ol|fedora|amzn|sles|sles_sap|sled|suse|opensuse(?:-.+)?|alpine|arch)$/;

/** The distributions whose places for configuration are known, and what is like them by its own word. */
export function supportsDistribution({ id, idLike }: EvidenceData<'osRelease'>): Support {
  if ([id, ...idLike].some((name) => known.test(name.toLowerCase()))) return { supported: true };
  const like = idLike.length > 0 ? `, like ${idLike.map((name) => quote(name)).join(', ')}` : '';
  return {
    supported: false,
    reason: `The distribution "${quote(id)}"${like} is not one whose configuration Security Best Practices knows.`,
  };
}
