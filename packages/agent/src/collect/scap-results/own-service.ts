import { randomBytes } from 'node:crypto';
import { readRegularFile } from '../../host/read-regular-file.ts';
import type { Host } from '../../host.ts';
import { memoryCeiling } from './memory-ceiling.ts';

/** A service of systemd's that a program runs in, outside of what the agent's own service takes away. */
export interface OwnService {
  /** What stands before the program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Ends it, where it goes on, and says what systemd knows of its end. */
  readonly end: () => Promise<{ readonly outOfMemory: boolean; readonly peakMemory?: number }>;
}

const LIMITS = { timeoutMs: 10_000, maxBytes: 65_536 };

/**
 * In the agent's service the file system is read-only and most capabilities are gone. oscap writes into /tmp, would take a
 * mount that the sandbox made for one of the host's, and reads what needs the capabilities; so it gets a service of its own.
 * Undefined where the agent is not in such a service, or there is no systemd.
 */
export async function openOwnService(host: Host, cwd: string, seconds: number): Promise<OwnService | undefined> {
  if (!(await isConfined(host))) return undefined;
  const present = await host.run('systemd-run', ['--version'], LIMITS);
  if (!present.ok || present.value.exitCode !== 0) return undefined;
  const unit = `assay-oscap-${randomBytes(6).toString('hex')}.service`;
  const properties = [
    `MemoryMax=${memoryCeiling}`,
    'MemorySwapMax=0',
    `RuntimeMaxSec=${Math.ceil(seconds) + 10}`,
    'OOMScoreAdjust=900',
    'TasksMax=256',
    'Nice=19',
    'IOSchedulingClass=idle',
    'CPUWeight=20',
    'CPUQuota=100%',
    'UMask=0077',
    `WorkingDirectory=${cwd}`,
    // oscap says by it that rules failed.
    'SuccessExitStatus=2',
  ];
  const settings = properties.flatMap((property) => ['--property', property]);
  const variables = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C', 'HOME=/nonexistent'];
  return {
    command: [
      'systemd-run',
      '--quiet',
      '--pipe',
      '--wait',
      `--unit=${unit}`,
      '--description=oscap, started by the Assay agent',
      ...settings,
      ...variables.map((variable) => `--setenv=${variable}`),
      '--',
    ],
    end: async () => {
      await host.run('systemctl', ['stop', unit], LIMITS);
      const shown = await host.run('systemctl', ['show', unit, '--property=Result,MemoryPeak'], LIMITS);
      await host.run('systemctl', ['reset-failed', unit], LIMITS);
      const text = shown.ok ? shown.value.stdout : '';
      const [, peak] = /^MemoryPeak=(\d{1,15})$/m.exec(text) ?? [];
      return {
        outOfMemory: /^Result=oom-kill$/m.test(text),
        ...(peak === undefined ? {} : { peakMemory: Number(peak) }),
      };
    },
  };
}

/** The agent's unit says NoNewPrivileges, and nothing else that starts it does. */
async function isConfined(host: Host): Promise<boolean> {
  const status = await readRegularFile(host, '/proc/self/status', 65_536);
  return status.ok && /^NoNewPrivs:\s*1$/m.test(status.value.toString('utf8'));
}
