import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { hides } from './hidden.ts';
import { quote } from './quote.ts';

/** The members of a group that are not root; undefined where they are not known. */
export type GroupMembers = (gid: number) => readonly string[] | undefined;

/**
 * Members by /etc/group and by primary group. An account whose primary group is root's counts as a member of that only
 * where it can log in: Red Hat's family keeps locked system accounts there.
 */
export function groupMembers({ accounts: document }: HostEvidence): GroupMembers {
  if (!document?.data) return () => undefined;
  const { accounts, groups } = document.data;
  const complete = !document.limitations.some((each) => hides(each) && /^\/etc\/(?:passwd|group)\b/.test(each.subject));
  const roots = new Set(accounts.filter(({ uid }) => uid === 0).map(({ name }) => name));
  roots.add('root');
  return (gid) => {
    const listed = groups.filter((group) => group.gid === gid);
    const secondary = listed.flatMap((group) => group.members.filter((name) => !roots.has(name)));
    const primary = accounts.filter(
      (account) =>
        account.gid === gid &&
        account.uid !== 0 &&
        (gid !== 0 || account.uid >= 1000 || account.password === 'HASHED' || account.password === 'EMPTY'),
    );
    const all = [...new Set([...secondary, ...primary.map(({ name }) => name)])].map((name) => quote(name));
    return all.length > 0 || (complete && listed.length > 0) ? all : undefined;
  };
}
