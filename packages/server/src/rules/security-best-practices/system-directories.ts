import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { type AclWriters, aclWriters } from './acl-writers.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { type GroupMembers, groupMembers } from './group-members.ts';
import { hides } from './hidden.ts';
import { enumerate, quote } from './quote.ts';
import { missing, notAssessed, type Unknown, unknownBy } from './unknown.ts';

type Directory = EvidenceData<'fileModes'>['directories'][number];

/**
 * Finding when a system directory can be written by others than root: another owner, write permission for all, for a
 * group with a member that is not root, or by its ACL for a user or such a group. Where the members of a group, or the
 * ACL behind a group's write permission, are not known, it cannot be judged.
 */
export const systemDirectories: BestPractice = {
  id: 'Configure permissions for system directories',
  title: 'Configure permissions for system directories',
  severity: 'High',
  judge: (evidence): Judgement => {
    const document = evidence.fileModes;
    const directories = document?.data?.directories ?? [];
    if (!document || directories.length === 0) {
      return notAssessed('No system directory could be judged', [missing('the system directories', document)]);
    }
    const members = groupMembers(evidence);
    const judged = directories.map((directory) => ({ directory, ...judgeDirectory(directory, members) }));
    const faulty = judged.filter(({ faults }) => faults.length > 0);
    const unsure = judged.filter(({ faults, unknown }) => faults.length === 0 && unknown.length > 0);
    const hidden = document.limitations.filter(hidesDirectory);
    const observations = [
      ...faulty,
      ...unsure,
      ...judged.filter(({ faults, unknown }) => faults.length === 0 && unknown.length === 0),
    ].map(({ directory }) => ({
      source: quote(directory.path),
      observed: quote(describeDirectory(directory), 1500),
      expected: 'owner root, writable by root only',
    }));
    const unknown = [...unsure.flatMap(({ unknown }) => unknown), ...hidden.map((each) => unknownBy(each))];
    if (faulty.length > 0) {
      const places = faulty.map(({ directory, faults }) => `${quote(directory.path)} (${faults.join(', ')})`);
      const commands = faulty.map(({ directory }) => repair(directory, members));
      return {
        outcome: 'FINDING',
        title: 'Users other than root can write to system directories',
        description:
          `Users other than root can write to ${faulty.length === 1 ? 'a system directory' : `${faulty.length} system directories`}: ` +
          `${enumerate(places)}. Anyone who can add or replace files there can make root run their code.`,
        recommendation: `Run as root: ${enumerate(commands)}. Then check these directories for files that root did not put there.`,
        unseen: unknown.map(({ text }) => text),
        observations,
      };
    }
    if (unknown.length > 0) return notAssessed('Not all system directories could be judged', unknown, observations);
    return { outcome: 'PASSED', unseen: otherSources(evidence, directories), observations };
  },
};

/** A directory service may add members to a group that lets write and has none on the host itself. */
function otherSources({ accounts }: HostEvidence, directories: readonly Directory[]): string[] {
  const other = accounts?.limitations.find(({ subject }) => subject === '/etc/nsswitch.conf');
  const groups = directories.filter(({ mode, gid }) => mode & 0o020 && gid !== 0).map(({ gid }) => gid);
  if (other?.detail === undefined || groups.length === 0) return [];
  const which = [...new Set(groups)].join(', ');
  return [`members of group ${which} from other sources (/etc/nsswitch.conf: ${quote(other.detail)})`];
}

/** What could not be told of an ACL beside the mode hides no directory. */
const hidesDirectory = (limitation: Limitation): boolean =>
  hides(limitation) && !/getfacl|\bacl\b|access control/i.test(limitation.subject);

/** Whom the group bits, or the ACL behind them, let write. `unknown`: the ACL is not known, and could matter. */
function writersOf({ uid, gid, mode, aclState, acl }: Directory): AclWriters & { readonly unknown?: string } {
  const none = { ownGroup: false, users: [], groups: [] };
  // With an ACL the group bits are its mask: where they do not grant writing, no entry of it does.
  if (!(mode & 0o020)) return none;
  const byMode = { ...none, ownGroup: true };
  if (aclState === 'NONE') return byMode;
  const read = acl === undefined ? undefined : aclWriters(acl);
  if (read) return { ...read, users: read.users.filter((user) => user !== 0 && user !== uid) };
  if (acl !== undefined || aclState !== undefined) {
    return {
      ...none,
      unknown:
        'it has an ACL, which may let others write, and its entries are not known (getfacl, of the package acl, would tell)',
    };
  }
  return {
    ...byMode,
    unknown: `whether it has an ACL that lets others than group ${gid} write was not seen (getfacl, of the package acl, would tell)`,
  };
}

function judgeDirectory(directory: Directory, members: GroupMembers): { faults: string[]; unknown: Unknown[] } {
  const { path, uid, gid, mode } = directory;
  const faults: string[] = [];
  const unknown: Unknown[] = [];
  if (uid !== 0) faults.push(`owned by user ${uid}`);
  if (mode & 0o002) faults.push(`mode ${octal(mode)} lets everyone write`);
  const writers = writersOf(directory);
  for (const user of writers.users) faults.push(`its ACL lets user ${user} write`);
  const groups = [...(writers.ownGroup ? [gid] : []), ...writers.groups];
  for (const group of groups) {
    const others = members(group);
    const how = directory.acl === undefined ? `mode ${octal(mode)}` : 'its ACL';
    if (others === undefined) {
      const text = `${quote(path)} is writable by group ${group}, whose members are not known`;
      unknown.push({ text, cause: 'NOT_REPORTED' });
    } else if (others.length > 0) faults.push(`${how} lets group ${group} write, which has ${enumerate(others, 5)}`);
  }
  if (writers.unknown !== undefined) {
    unknown.push({ text: `${quote(path)}, mode ${octal(mode)}: ${writers.unknown}`, cause: 'NOT_ASKED' });
  }
  return { faults, unknown };
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

function repair(directory: Directory, members: GroupMembers): string {
  const { path, uid, gid, mode } = directory;
  const { ownGroup, users, groups } = writersOf(directory);
  const entries = [
    ...users.map((user) => `u:${user}`),
    ...groups.filter((group) => members(group)?.length !== 0).map((group) => `g:${group}`),
  ];
  const groupWrites = ownGroup && members(gid)?.length !== 0;
  const commands = [
    ...(uid === 0 ? [] : ['chown root']),
    ...(entries.length > 0 ? [`setfacl -x ${entries.join(',')}`] : []),
    // Taking the mask away would leave the entry in wait for the next chmod.
    ...(groupWrites && directory.acl !== undefined ? ['setfacl -m g::r-x'] : []),
    ...(mode & 0o002 || (groupWrites && directory.acl === undefined)
      ? [`chmod ${groupWrites && directory.acl === undefined ? 'g' : ''}${mode & 0o002 ? 'o' : ''}-w`]
      : []),
  ];
  return commands.map((command) => `${command} ${quote(path)}`).join(' && ');
}

const describeDirectory = ({ aliases, uid, gid, mode, acl, aclState }: Directory): string =>
  [
    `owner ${uid}, group ${gid}, mode ${octal(mode)}`,
    ...(aliases.length > 0 ? [`also ${aliases.join(', ')}`] : []),
    ...(acl ? [`ACL ${acl}`] : aclState === 'PRESENT' ? ['an ACL that was not read'] : []),
  ].join('; ');
