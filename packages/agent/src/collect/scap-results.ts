import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, note, noteRefusal, startCollection } from '../collection.ts';
import { readRegularFile } from '../host/read-regular-file.ts';
import { collectOsRelease } from './os-release.ts';
import type { LookedAt } from './scap-results/read-items.ts';
import type { RuleResult } from './scap-results/read-test-result.ts';
import { type Pass, runOscap } from './scap-results/run-oscap.ts';

/** Milliseconds for everything; a run has at least three minutes, and normally fifteen or more. */
const ALL = 10 * 60_000;
/** For one rule that walks through the file system. */
const SLOW_RULE = 3 * 60_000;
/** Of MemAvailable, in KiB: oscap takes up to 480 MiB. */
const LEAST_MEMORY = 600 * 1024;
/** Characters of all that was looked at. */
const MOST_ITEMS = 500_000;
/** How often progress is told, in rules. */
const STEP = 50;

/**
 * What oscap says of the profile that the run is judged by. The content comes from the server; the slow rules are evaluated
 * one by one after all others, so that what they take costs no other result.
 */
export async function collectScapResults(collection: Collection): Promise<EvidenceData<'scapResults'> | undefined> {
  const { host, scapContent } = collection;
  const os = await collectOsRelease(startCollection(host));
  if (!scapContent || !os) {
    note(
      collection,
      'UNSUPPORTED',
      'SCAP content',
      os ? 'there is no server to have it from' : 'the system is unknown',
    );
    return undefined;
  }
  const offered = await scapContent.offer({ id: os.id, versionId: os.versionId });
  if (!offered.ok) {
    noteRefusal(collection, 'SCAP content', offered);
    return undefined;
  }
  const version = await host.run('oscap', ['--version'], { timeoutMs: 10_000, maxBytes: 65_536 });
  if (!version.ok) {
    const absent = version.code === 'NOT_PRESENT';
    const detail = absent ? `oscap is not installed; install the package ${packageOf(os)}` : version.detail;
    note(collection, version.code, 'oscap', detail);
    return undefined;
  }
  if (process.geteuid?.() !== 0) {
    note(
      collection,
      'PERMISSION_DENIED',
      'oscap',
      'some of its results would be wrong without root; run the agent as root',
    );
    return undefined;
  }
  const memory = await availableMemory(collection);
  if (memory !== undefined && memory < LEAST_MEMORY) {
    const megabytes = (kibibytes: number): number => Math.round(kibibytes / 1024);
    const detail = `oscap needs ${megabytes(LEAST_MEMORY)} MiB of memory, and ${megabytes(memory)} MiB are available`;
    note(collection, 'UNSUPPORTED', 'oscap', detail);
    return undefined;
  }
  const file = await scapContent.fetch(offered.value);
  if (!file.ok) {
    noteRefusal(collection, 'SCAP content', file);
    return undefined;
  }

  const { name, sha256, profile, rules, slowRules, details = false } = offered.value;
  const { log, signal } = scapContent;
  const end = performance.now() + ALL;
  const left = (most: number): number => Math.max(1000, Math.min(most, end - performance.now()));
  let done = 0;
  const onResult = ({ rule, result }: RuleResult): void => {
    scapContent.progress(++done, rules);
    if (done % STEP === 0 || result === 'error') log(`oscap: ${done} of ${rules} rules, ${shortName(rule)}: ${result}`);
  };
  const order = { file: file.value, profile, details, onResult };
  const fast = await runOscap(host, scapContent, { ...order, rules: { skip: slowRules }, timeoutMs: left(ALL) });
  const results = new Map(fast.results.map((result) => [result.rule, result]));
  for (const rule of slowRules) results.delete(rule);
  const lookedAt = new Map(fast.lookedAt);
  const passes: EvidenceData<'scapResults'>['passes'] = [passOf(fast)];
  const unfinished = fast.failure === undefined ? [] : [{ rules: [] as string[], why: bounded(fast.failure, 1000) }];
  for (const rule of slowRules) {
    signal.throwIfAborted();
    const slow = await runOscap(host, scapContent, { ...order, rules: { only: rule }, timeoutMs: left(SLOW_RULE) });
    passes.push({ rule, ...passOf(slow) });
    const result = slow.results.find((each) => each.rule === rule);
    for (const [about, items] of slow.lookedAt ?? []) lookedAt.set(about, items);
    if (result) results.set(rule, result);
    else unfinished.push({ rules: [rule], why: bounded(slow.failure ?? 'oscap gave no result for it', 1000) });
  }
  let room = MOST_ITEMS;
  const itemsOf = (items: readonly LookedAt[]) => {
    room -= JSON.stringify(items).length;
    return items.length > 0 && room > 0 ? { items: items.map((item) => ({ ...item })) } : {};
  };
  log(`oscap: ${results.size} of ${rules} rules have a result`);
  return {
    content: { name, sha256 },
    profile,
    scanner: versionOf(version.value.stdout),
    results: [...results.values()].map(({ messages, definition: _, ...rest }) => ({
      ...rest,
      ...(messages ? { messages: [...messages] } : {}),
      ...itemsOf(lookedAt.get(rest.rule) ?? []),
    })),
    unfinished,
    values: [...fast.values],
    passes,
  };
}

const passOf = ({ exitCode, seconds, peakMemory }: Pass) => ({
  seconds,
  ...(exitCode === undefined ? {} : { exitCode }),
  ...(peakMemory === undefined ? {} : { peakMemory }),
});

const versionOf = (text: string): string => bounded(/(\d+\.\d+[0-9.]*)/.exec(text)?.[1] ?? '', 64);

const shortName = (rule: string): string => rule.replace(/^.*_rule_/, '');

/** The distribution's package that has oscap. */
function packageOf({ id, versionId }: { readonly id: string; readonly versionId?: string | undefined }): string {
  if (id.startsWith('sle') || id.startsWith('opensuse')) return 'openscap-utils';
  return id === 'debian' && versionId === '11' ? 'libopenscap8' : 'openscap-scanner';
}

/** KiB; undefined where /proc does not say. */
async function availableMemory({ host }: Collection): Promise<number | undefined> {
  const read = await readRegularFile(host, '/proc/meminfo', 65_536);
  const [, text] = (read.ok && /^MemAvailable:\s+(\d+) kB$/m.exec(read.value.toString('utf8'))) || [];
  return text === undefined ? undefined : Number(text);
}
