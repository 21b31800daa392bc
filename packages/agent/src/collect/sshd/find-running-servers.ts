import { type Collection, fit, fitList, note } from '../../collection.ts';
import { readLink } from '../../host/list-directory.ts';
import { readRegularFile } from '../../host/read-regular-file.ts';
import { isElsewhere, listProcesses, readProcessFile } from '../../processes.ts';

export type Implementation = 'openssh' | 'dropbear';

export interface RunningServer {
  readonly implementation: Implementation;
  readonly args: readonly string[];
}

const MAX_PROGRAM_BYTES = 8 * 1024 * 1024;
const MAX_PROGRAMS = 500;

/**
 * The distinct command lines of root's running SSH servers, whatever their programs are called. Since 8.2 OpenSSH shows
 * them in its process title, joined by spaces: an option's value is then taken to reach to the next option.
 */
export async function findRunningServers(collection: Collection): Promise<RunningServer[]> {
  const found = new Map<string, RunningServer>();
  const programs = new Map<string, Implementation | undefined>();
  for (const pid of await listProcesses(collection)) {
    const uid = /^Uid:\s+\d+\s+(\d+)/m.exec((await readProcessFile(collection, pid, 'status')) ?? '')?.[1];
    // Anyone can name a program sshd; and a container's server is the container's.
    if (uid !== '0') continue;
    const name = (await readProcessFile(collection, pid, 'comm'))?.trimEnd() ?? '';
    const implementation = byName(name) ?? (await byProgram(collection, pid, programs));
    if (implementation === undefined || (await isElsewhere(collection, pid))) continue;
    const line = await readProcessFile(collection, pid, 'cmdline');
    if (line === undefined) {
      note(collection, 'UNREADABLE', `/proc/${pid}/cmdline`, `the arguments of a running ${name}`);
      continue;
    }
    const args = parseCommandLine(line);
    if (args) found.set(args.join('\0'), { implementation, args });
  }
  return fitList(collection, [...found.values()], 20, 'running SSH servers').map(({ implementation, args }) => ({
    implementation,
    args: fitList(collection, args, 100, 'arguments of a running SSH server').map((text) =>
      fit(collection, text, 4096, 'argument of a running SSH server'),
    ),
  }));
}

const byName = (name: string): Implementation | undefined =>
  name === 'sshd' ? 'openssh' : name === 'dropbear' ? 'dropbear' : undefined;

/** By where the program lies, and by what is in it: a copy of sshd under another name is a server as well. */
async function byProgram(
  collection: Collection,
  pid: number,
  programs: Map<string, Implementation | undefined>,
): Promise<Implementation | undefined> {
  const link = await readLink(collection.host, `/proc/${pid}/exe`);
  // Kernel threads have none, and of others' processes only root may ask.
  if (!link.ok) return undefined;
  const path = link.value.replace(/ \(deleted\)$/, '');
  const file = path.slice(path.lastIndexOf('/') + 1);
  // What serves one connection is no server of its own.
  if (/^sshd-(?:session|auth)$/.test(file)) return undefined;
  if (byName(file)) return byName(file);
  if (programs.has(path)) return programs.get(path);
  if (programs.size >= MAX_PROGRAMS) {
    note(collection, 'TOO_LARGE', '/proc', `root runs more than ${MAX_PROGRAMS} programs: not all were looked into`);
    return undefined;
  }
  const read = await readRegularFile(collection.host, path, MAX_PROGRAM_BYTES);
  const implementation = read.ok ? byContent(read.value) : undefined;
  programs.set(path, implementation);
  return implementation;
}

function byContent(program: Buffer): Implementation | undefined {
  if (program.includes('OpenSSH_') && program.includes('permitrootlogin\0')) return 'openssh';
  return program.includes('SSH-2.0-dropbear') ? 'dropbear' : undefined;
}

/** The value of `-f`, also where it stands behind flags without a value (`-Df`); undefined where it is not given. */
export function givenConfigPath(args: readonly string[]): string | undefined {
  for (const [index, argument] of args.entries()) {
    const match = index > 0 ? /^-[46DdeGiqrtT]*f(.*)$/s.exec(argument) : null;
    if (match) return match[1] || args[index + 1];
  }
  return undefined;
}

/** Undefined for the process of one session. */
function parseCommandLine(line: string): string[] | undefined {
  const [title = ''] = line.split('\0');
  // A title begins with the program's name, a session's goes on with the user's.
  const joined = /^[^\s:/]+: (.*)$/s.exec(title)?.[1];
  if (joined !== undefined) {
    const command = joined.replace(/ \[(?:listener|accepted)\].*$/s, '');
    return command.startsWith('/') ? splitTitle(command) : undefined;
  }
  const args = line.replace(/\0+$/, '').split('\0');
  // -R: what sshd starts for one connection.
  return title === '' || args.some((argument) => /^-[46Ddei]*R$/.test(argument)) ? undefined : args;
}

function splitTitle(joined: string): string[] {
  const [binary = '', ...words] = joined.split(' ').filter(Boolean);
  const args: string[] = [];
  for (const word of words) {
    const last = args.at(-1);
    if (last === undefined || word.startsWith('-') || /^-.$/.test(last)) args.push(word);
    else args[args.length - 1] = `${last} ${word}`;
  }
  return [binary, ...args];
}
