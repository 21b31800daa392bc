import { readdirSync, readFileSync } from 'node:fs';

const EVERY = 50;

/** What all processes below this one hold together at most while `work` goes on, looked at every 50 ms: megabytes (PSS). */
export async function peakOfChildren(work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(
      most,
      below(process.pid).reduce((sum, pid) => sum + proportional(pid), 0),
    );
  }, EVERY);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return most / 1024;
}

function below(pid: number): number[] {
  const children = orElse([], () =>
    readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    ),
  );
  return children.flatMap((child) => [child, ...below(child)]);
}

/** Kilobytes. A process can end while it is looked at. */
const proportional = (pid: number): number =>
  orElse(0, () => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0));

function orElse<T>(other: T, read: () => T): T {
  try {
    return read();
  } catch {
    return other;
  }
}
