import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { hides } from './hidden.ts';

/** Who may log in, as far as Match blocks ask. */
export interface SshSubject {
  /** Undefined for any account at all. */
  readonly name: string | undefined;
  /** The names of the account's groups; undefined where they are not known. */
  readonly groups: readonly string[] | undefined;
  /** True for accounts that may exist without having been seen. */
  readonly unseen: boolean;
}

export const anyAccount: SshSubject = { name: undefined, groups: undefined, unseen: false };

const maxAccounts = 5;

/**
 * The accounts that PermitRootLogin is about: those with the user id 0. Where the accounts were not seen whole, root, and
 * one that stands for what may be there.
 */
export function rootAccounts({ accounts: document }: HostEvidence): readonly SshSubject[] {
  const { accounts = [], groups = [] } = document?.data ?? {};
  const whole =
    document?.data !== undefined &&
    !document.limitations.some((each) => hides(each) && /^\/etc\/(?:passwd|group)\b/.test(each.subject));
  const roots = accounts.filter(({ uid }) => uid === 0);
  const subjects = roots.slice(0, maxAccounts).map(({ name, gid }) => ({
    name,
    groups: whole
      ? groups.filter((group) => group.gid === gid || group.members.includes(name)).map((group) => group.name)
      : undefined,
    unseen: false,
  }));
  const named = subjects.some(({ name }) => name === 'root')
    ? subjects
    : [{ name: 'root', groups: undefined, unseen: false }, ...subjects];
  const complete = whole && roots.length <= maxAccounts;
  return complete ? named : [...named, { name: undefined, groups: undefined, unseen: true }];
}
