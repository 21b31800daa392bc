import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What {@link inOwnProcess} measures, by columns of a report. */
export const ownProcessColumns = ['ms', 'CPU ms', 'peak MB', 'MB (or millions)'];

/**
 * Runs code in a process of its own, whose peak of memory is then its own too. The code is given `file` and `folder`, may set
 * `begin` anew once it is ready, and ends with `print(SIZE)`, the last line that it prints. Resolves to the numbers of {@link ownProcessColumns}.
 */
export async function inOwnProcess(code: string, file: string, folder: string): Promise<number[]> {
  // What the system calls the largest size counts that of the parent when it forked.
  const script = `
    const ofProcess = () => process.getBuiltinModule('node:fs').readFileSync('/proc/self/status', 'utf8');
    const [file, folder] = process.argv.slice(1);
    let begin = performance.now();
    const print = (size) => {
      const { userCPUTime, systemCPUTime } = process.resourceUsage();
      const peak = Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(ofProcess())?.[1]);
      console.log(JSON.stringify([performance.now() - begin, (userCPUTime + systemCPUTime) / 1000, peak / 1024, size]));
    };
    ${code}`;
  const args = ['--input-type=module', '-e', script, file, folder];
  const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: 'utf8' });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as number[];
}
