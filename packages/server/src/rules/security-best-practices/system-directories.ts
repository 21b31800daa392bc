import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { describeLimitation, hides, missing } from './hidden.ts';
import { enumerate, quote } from './quote.ts';

type Directory = EvidenceData<'fileModes'>['directories'][number];
type Members = (gid: number) => readonly string[] | undefined;

/**
 * Finding when a system directory can be written by others than root: another owner, write permission for all, or for
 * a group with a member that is not root. Where the members of such a group are not known, it cannot be judged.
 */
export const systemDirectories: BestPractice = {
  id: 'Configure permissions for system directories',
  title: 'Configure permissions for system directories',
  severity: 'High',
  judge: (evidence): Judgement => {
    const document = evidence.fileModes;
    const directories = document?.data?.directories ?? [];
    if (!document || directories.length === 0) {
      return { outcome: 'NOT_ASSESSED', reason: missing('the system directories', document), observations: [] };
    }
    const members = membership(evidence);
    const judged = directories.map((directory) => ({ directory, ...judgeDirectory(directory, members) }));
    const faulty = judged.filter(({ faults }) => faults.length > 0);
    const unsure = judged.filter(({ faults, unknown }) => faults.length === 0 && unknown !== undefined);
    const hidden = document.limitations.filter(hidesDirectory);
    const observations = [
      ...faulty,
      ...unsure,
      ...judged.filter(({ faults, unknown }) => faults.length === 0 && unknown === undefined),
    ].map(({ directory }) => ({
      source: quote(directory.path),
      observed: quote(describeDirectory(directory), 1500),
      expected: 'owner root, writable by root only',
    }));
    if (faulty.length > 0) {
      const places = faulty.map(({ directory, faults }) => `${quote(directory.path)} (${faults.join(', ')})`);
      const commands = faulty.map(({ directory }) => repair(directory, members));
      return {
        outcome: 'FINDING',
        title: 'System directories can be written by others than root',
        description:
          `Others than root may write to ${faulty.length === 1 ? 'a system directory' : `${faulty.length} system directories`}: ` +
          `${enumerate(places)}. Whoever can add or replace files there can have root run their code.`,
        recommendation: `Run as root: ${enumerate(commands)}. Then look for files in them that root did not put there.`,
        observations,
      };
    }
    const reasons = [...unsure.map(({ unknown }) => unknown ?? ''), ...hidden.map(describeLimitation)];
    if (reasons.length > 0) {
      return {
        outcome: 'NOT_ASSESSED',
        reason: `Not all system directories could be judged: ${enumerate(reasons, 20)}.`,
        observations,
      };
    }
    return { outcome: 'PASSED', observations };
  },
};

/** What getfacl could not tell beside the mode hides no directory. */
const hidesDirectory = (limitation: Limitation): boolean =>
  hides(limitation) && !/getfacl|\bacl\b/i.test(limitation.subject);

function judgeDirectory({ path, uid, gid, mode }: Directory, members: Members): { faults: string[]; unknown?: string } {
  const faults: string[] = [];
  if (uid !== 0) faults.push(`owned by user ${uid}`);
  if (mode & 0o002) faults.push(`mode ${octal(mode)} lets everyone write`);
  if (!(mode & 0o020) || gid === 0) return { faults };
  const others = members(gid);
  if (others === undefined)
    return { faults, unknown: `${quote(path)} is writable by group ${gid}, whose members are not known` };
  if (others.length > 0) faults.push(`mode ${octal(mode)} lets group ${gid} write, which has ${enumerate(others, 5)}`);
  return { faults };
}

/** The members of a group that are not root, those by primary group too; undefined where they are not known. */
function membership(evidence: HostEvidence): Members {
  const document = evidence.accounts;
  if (!document?.data) return () => undefined;
  const { accounts, groups } = document.data;
  const complete = !document.limitations.some((each) => hides(each) && /^\/etc\/(?:passwd|group)$/.test(each.subject));
  const roots = new Set(accounts.filter(({ uid }) => uid === 0).map(({ name }) => name));
  roots.add('root');
  return (gid) => {
    const listed = groups.filter((group) => group.gid === gid);
    const secondary = listed.flatMap((group) => group.members.filter((name) => !roots.has(name)));
    const primary = accounts.filter((account) => account.gid === gid && account.uid !== 0).map(({ name }) => name);
    const all = [...new Set([...secondary, ...primary])].map((name) => quote(name));
    return all.length > 0 || (complete && listed.length > 0) ? all : undefined;
  };
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const repair = ({ path, uid, gid, mode }: Directory, members: Members): string => {
  const groupWrites = (mode & 0o020) !== 0 && gid !== 0 && members(gid)?.length !== 0;
  const writers = `${groupWrites ? 'g' : ''}${mode & 0o002 ? 'o' : ''}`;
  const commands = [...(uid === 0 ? [] : ['chown root']), ...(writers === '' ? [] : [`chmod ${writers}-w`])];
  return commands.map((command) => `${command} ${quote(path)}`).join(' && ');
};

const describeDirectory = ({ aliases, uid, gid, mode, acl }: Directory): string =>
  [
    `owner ${uid}, group ${gid}, mode ${octal(mode)}`,
    ...(aliases.length > 0 ? [`also ${aliases.join(', ')}`] : []),
    ...(acl ? [`ACL ${acl}`] : []),
  ].join('; ');
