import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

interface Target {
  readonly address: string;
  readonly port: number;
}
/** `unsent`: this machine has no way to the address, so nothing was tried. */
type Saw = 'connected' | 'refused' | 'silent' | 'unsent';

interface Pace {
  /** Connections begun in a second, at most. */
  readonly rate: number;
  /** How long an answer is waited for, milliseconds. */
  readonly timeout: number;
}

/** Connections that wait for an answer at once. */
const MOST_OPEN = 256;

/** Connects to each target once, sends nothing, and closes the connection. Calls `seen` for each. */
export async function connectPorts<T extends Target>(
  targets: readonly T[],
  { rate, timeout }: Pace,
  seen: (target: T, saw: Saw) => void,
): Promise<void> {
  const open = new Set<Promise<void>>();
  const begun = performance.now();
  for (const [at, target] of targets.entries()) {
    const early = begun + (at * 1000) / rate - performance.now();
    if (early > 0) await wait(early);
    if (open.size >= MOST_OPEN) await Promise.race(open);
    const attempt = tryPort(target, timeout).then((saw) => {
      open.delete(attempt);
      seen(target, saw);
    });
    open.add(attempt);
  }
  await Promise.all(open);
}

const UNSENT = new Set([
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EACCES',
  'EPERM',
  'EMFILE',
  'ENFILE',
  'EINVAL',
]);

/** What came back: what is neither an acceptance nor a reset counts as no answer, such as "host unreachable". */
const tryPort = ({ address, port }: Target, timeout: number): Promise<Saw> =>
  new Promise((done) => {
    const socket = connect({ host: address, port });
    const end = (saw: Saw): void => {
      clearTimeout(timer);
      socket.destroy();
      done(saw);
    };
    const timer = setTimeout(() => end('silent'), timeout);
    socket.once('connect', () => end('connected'));
    socket.once('error', ({ code = '' }: NodeJS.ErrnoException) =>
      end(code === 'ECONNREFUSED' ? 'refused' : UNSENT.has(code) ? 'unsent' : 'silent'),
    );
  });
