import { spawn } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type CommandLimits, type CommandOutput, refusalOf, refuse, type Seen } from '../host.ts';

const SYSTEM_DIRECTORIES = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const MAX_STDERR = 65_536;

/** Runs a system program without a shell, with no input and an environment of its own. See {@link Host.run}. */
export async function runCommand(
  command: string,
  args: readonly string[],
  limits: CommandLimits,
): Promise<Seen<CommandOutput>> {
  const executable = await findExecutable(command);
  if (!executable.ok) return executable;
  return await new Promise((settle) => {
    const child = spawn(executable.value, args, {
      // One program may have several names and do what it is called by (iptables, busybox).
      argv0: basename(command),
      cwd: limits.cwd ?? '/',
      detached: limits.wholeGroup ?? false,
      // No program can make a home there and leave it behind, as rpm does where it has no data base.
      env: { PATH: SYSTEM_DIRECTORIES.join(':'), LC_ALL: 'C', HOME: '/dev/null' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: false,
    });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[], stdoutBytes: 0, stderrBytes: 0 };
    // Settles at once: a grandchild that keeps the pipes open must not keep the agent waiting.
    const end = (result: Seen<CommandOutput>): void => {
      clearTimeout(timer);
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        if (limits.wholeGroup) killGroup(child.pid);
      }
      child.stdout.destroy();
      child.stderr.destroy();
      settle(result);
    };
    const timer = setTimeout(
      () => end(refuse('TIMED_OUT', `did not end within ${limits.timeoutMs} ms`)),
      limits.timeoutMs,
    );
    child.on('error', (error) => end(refusalOf(error)));
    if (child.pid !== undefined) limits.onStart?.(child.pid);
    const onLine = limits.onLine;
    if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdoutBytes += chunk.length;
      if (output.stdoutBytes > limits.maxBytes) end(refuse('TOO_LARGE', `printed more than ${limits.maxBytes} bytes`));
      else output.stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (output.stderrBytes < MAX_STDERR) output.stderr.push(chunk.subarray(0, MAX_STDERR - output.stderrBytes));
      output.stderrBytes += chunk.length;
    });
    child.on('close', (code, signal) =>
      end({
        ok: true,
        value: {
          exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0),
          stdout: Buffer.concat(output.stdout).toString('utf8'),
          stderr: Buffer.concat(output.stderr).toString('utf8'),
        },
      }),
    );
  });
}

/** Nothing of it may be left. */
function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The agent may be root, so it runs nothing that anyone but root could have replaced. */
async function findExecutable(command: string): Promise<Seen<string>> {
  const candidates = isAbsolute(command) ? [command] : SYSTEM_DIRECTORIES.map((directory) => join(directory, command));
  for (const candidate of candidates) {
    try {
      const real = await realpath(candidate);
      for (let path = real; ; path = dirname(path)) {
        const { uid, gid, mode } = await stat(path);
        if (uid !== 0 || (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0)) {
          return refuse('UNSUPPORTED', `not run: others than root may write ${path}`);
        }
        if (path === '/') return { ok: true, value: real };
      }
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code !== 'NOT_PRESENT') return refusal;
    }
  }
  return refuse('NOT_PRESENT', 'no such program in the system directories');
}
