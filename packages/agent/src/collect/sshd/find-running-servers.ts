import { type Collection, fit, fitList, note } from '../../collection.ts';
import { isElsewhere, listProcesses, readProcessFile } from '../../processes.ts';

/**
 * The distinct command lines of root's running SSH servers. Since 8.2 OpenSSH shows them in its process title, joined
 * by spaces: an option's value is then taken to reach to the next option.
 */
export async function findRunningServers(collection: Collection): Promise<string[][]> {
  const found = new Map<string, string[]>();
  for (const pid of await listProcesses(collection)) {
    const name = (await readProcessFile(collection, pid, 'comm'))?.trimEnd();
    if (name !== 'sshd' && name !== 'dropbear') continue;
    // Anyone can name a program sshd; and a container's server is the container's.
    const uid = /^Uid:\s+\d+\s+(\d+)/m.exec((await readProcessFile(collection, pid, 'status')) ?? '')?.[1];
    if (uid !== '0' || (await isElsewhere(collection, pid, 'pid'))) continue;
    const line = await readProcessFile(collection, pid, 'cmdline');
    if (line === undefined) {
      note(collection, 'UNREADABLE', `/proc/${pid}/cmdline`, `the arguments of a running ${name}`);
      continue;
    }
    const args = parseCommandLine(line);
    if (args) found.set(args.join('\0'), args);
  }
  return fitList(collection, [...found.values()], 20, 'running SSH servers').map((args) =>
    fitList(collection, args, 100, 'arguments of a running SSH server').map((text) =>
      fit(collection, text, 4096, 'argument of a running SSH server'),
    ),
  );
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
  if (title.startsWith('sshd: ')) {
    const joined = title.slice('sshd: '.length).replace(/ \[listener\].*$/s, '');
    return joined.startsWith('/') ? splitTitle(joined) : undefined;
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
