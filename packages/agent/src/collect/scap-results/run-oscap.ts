import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host.ts';
import type { ScapContent } from '../../scap-content.ts';
import { type MemoryCeiling, memoryCeiling, openMemoryCeiling } from './memory-ceiling.ts';
import { type OwnService, openOwnService } from './own-service.ts';
import { type LookedAt, readItems } from './read-items.ts';
import { type RuleResult, readProgress, readTestResult, type TestResult } from './read-test-result.ts';

/** One start of oscap. */
export interface Pass extends TestResult {
  /** By rule, where it was asked for. */
  readonly lookedAt?: ReadonlyMap<string, readonly LookedAt[]>;
  readonly exitCode?: number;
  readonly seconds: number;
  readonly peakMemory?: number;
  /** Why it did not end as it should; results are those that it gave before. */
  readonly failure?: string;
}

interface Order {
  readonly file: string;
  readonly profile: string;
  /** The rule to evaluate alone, or those to leave out. */
  readonly rules: { readonly only: string } | { readonly skip: readonly string[] };
  readonly timeoutMs: number;
  /** Also read what OVAL looked at for rules that failed. */
  readonly details: boolean;
  readonly onResult: (result: RuleResult) => void;
}

/** Of progress lines: 20,000 rules. */
const MAX_OUTPUT = 8 * 1024 * 1024;

/**
 * Evaluates a profile with oscap in a directory of its own: nothing is fetched from elsewhere and nothing is changed on the
 * host. It yields to everything else on the host, and is ended with all that it started when its time is over.
 */
export async function runOscap(host: Host, content: Pick<ScapContent, 'directory'>, order: Order): Promise<Pass> {
  const cwd = await mkdtemp(join(content.directory, 'run-'));
  try {
    const service = await openOwnService(host, cwd, order.timeoutMs / 1000);
    const confined = service && (await evaluate(host, cwd, order, { service }));
    // systemd did not start it, and says so before oscap could say anything.
    if (confined && !(confined.exitCode === 1 && confined.notStarted)) return confined;
    const ceiling = await openMemoryCeiling();
    try {
      return await evaluate(host, cwd, order, { ceiling });
    } finally {
      await ceiling?.close();
    }
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

interface Confinement {
  readonly service?: OwnService;
  readonly ceiling?: MemoryCeiling | undefined;
}

async function evaluate(
  host: Host,
  cwd: string,
  { file, profile, rules, timeoutMs, details, onResult }: Order,
  { service, ceiling }: Confinement,
): Promise<Pass & { readonly notStarted?: true }> {
  const seen: RuleResult[] = [];
  const started = performance.now();
  const results = join(cwd, 'results.xml');
  const arf = join(cwd, 'arf.xml');
  const which = 'only' in rules ? ['--rule', rules.only] : rules.skip.flatMap((rule) => ['--skip-rule', rule]);
  const [program, ...before] = service?.command ?? (await yielding(host));
  const fixed = ['xccdf', 'eval', '--profile', profile, '--skip-valid', '--progress'];
  const command = [
    ...before,
    ...(program === 'oscap' ? [] : ['oscap']),
    ...fixed,
    ...which,
    '--results',
    results,
    ...(details ? ['--results-arf', arf] : []),
    file,
  ];
  const ended = await host.run(program, command, {
    timeoutMs,
    maxBytes: MAX_OUTPUT,
    cwd,
    wholeGroup: true,
    onStart: (pid) => {
      if (service) return;
      endFirst(pid);
      ceiling?.take(pid);
    },
    onLine: (line) => {
      const result = readProgress(line);
      if (!result) return;
      seen.push(result);
      onResult(result);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const told = await service?.end();
  const peakMemory = told?.peakMemory ?? (await ceiling?.peak());
  const about = { seconds, ...(peakMemory === undefined ? {} : { peakMemory }) };
  const partial = { ...about, results: seen, values: [] };
  if (!ended.ok) return { ...partial, failure: `oscap ${ended.detail}` };
  const { exitCode, stderr } = ended.value;
  // systemd-run says 0 for 2 as well.
  const coded = service && exitCode === 0 ? {} : { exitCode: Math.min(255, exitCode) };
  if (exitCode !== 0 && exitCode !== 2) {
    const outOfMemory = told?.outOfMemory || (await ceiling?.exceeded());
    const failure = outOfMemory ? OUT_OF_MEMORY : whyFailed(exitCode, stderr);
    const notStarted = service && seen.length === 0 && /^Failed to /m.test(stderr);
    return { ...partial, ...coded, failure, ...(notStarted ? { notStarted } : {}) };
  }
  try {
    const read = await readTestResult(results);
    return { ...about, ...coded, ...read, ...(details ? { lookedAt: await lookedAt(arf, read) } : {}) };
  } catch (error) {
    return { ...partial, ...coded, failure: (error as Error).message };
  }
}

/** Of rules that failed or could not be evaluated. Where it cannot be read, the results stand without it. */
async function lookedAt(file: string, { results }: TestResult): Promise<Map<string, readonly LookedAt[]>> {
  const asked = results.filter(({ result }) => ['fail', 'error', 'unknown'].includes(result));
  const definitions = new Set(asked.flatMap(({ definition }) => definition ?? []));
  const items = await readItems(file, definitions).catch(() => new Map<string, LookedAt[]>());
  return new Map(asked.map(({ rule, definition = '' }) => [rule, items.get(definition) ?? []]));
}

const OUT_OF_MEMORY = `oscap needed more than ${memoryCeiling / 1024 / 1024} MiB of memory and was ended`;

/** How to start oscap so that it yields the processor and the disks: with what the host has, and the agent may use. */
async function yielding(host: Host): Promise<readonly [string, ...string[]]> {
  const works = async (command: readonly [string, ...string[]]): Promise<boolean> => {
    const [program, ...args] = command;
    const tried = await host.run(program, [...args, 'true'], { timeoutMs: 5000, maxBytes: 65_536 });
    return tried.ok && tried.value.exitCode === 0;
  };
  const nice = ['nice', '-n', '19'] as const;
  const ionice = ['ionice', '-c', '3'] as const;
  const [program = 'oscap', ...before] = [
    ...((await works(nice)) ? nice : []),
    ...((await works(ionice)) ? ionice : []),
  ];
  return [program, ...before];
}

/** Where memory is short the kernel ends oscap, and not the agent. */
function endFirst(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '900');
  } catch {
    // It has ended already, or the host does not allow it.
  }
}

function whyFailed(exitCode: number, stderr: string): string {
  if (exitCode === 139) return 'oscap crashed (signal 11), which it does where memory is short';
  if (exitCode > 128) return `oscap was ended by signal ${exitCode - 128}`;
  const [line = ''] = stderr.split('\n').filter((each) => /^\S/.test(each) && !/^(WARNING|W: |nice: )/.test(each));
  return `oscap could not evaluate the profile (exit status ${exitCode}${line === '' ? '' : `: ${line.trim().slice(0, 500)}`})`;
}
