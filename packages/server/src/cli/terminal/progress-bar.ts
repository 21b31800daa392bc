import { eraseLine } from './guarded-output.ts';

const WIDTH = 24;
/** Milliseconds between two pictures of it. */
const PAUSE = 200;

export interface ProgressBar {
  /** So much of the total is done; `text` is what is said beside the bar, drawn `now` where nothing may follow for long. */
  readonly show: (done: number, total: number, text: () => string, now?: boolean) => void;
  /** Leaves the line as it was. */
  readonly clear: () => void;
}

/** A bar on standard error that is written over, five times a second at most; nothing where that is no terminal. */
export function createProgressBar(): ProgressBar {
  let shown = 0;
  return {
    show: (done, total, text, now = false) => {
      if (!process.stderr.isTTY || total === 0) return;
      const time = Date.now();
      if (!now && time - shown < PAUSE) return;
      shown = time;
      const part = Math.min(done / total, 1);
      const bar = '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░');
      process.stderr.write(`${eraseLine(process.stderr)}${bar} ${Math.floor(part * 100)} % · ${text()}`);
    },
    clear: () => {
      if (shown > 0) process.stderr.write(eraseLine(process.stderr));
    },
  };
}
