import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs another program in place of this one: the same input and output, each signal passed on, and this process ends as
 * the other did, with its status or by its signal. Calls `failed` where it cannot be started.
 *
 * A signal to the whole process group (Ctrl-C, most supervisors) reaches the other program twice, as nobody can tell
 * whether it had it already. Programs that end in order act on the first and keep their listeners for the second.
 */
export function handOver(program, args, failed) {
  const child = spawn(program, args, { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on('error', failed);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of SIGNALS) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
}
