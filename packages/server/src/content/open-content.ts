import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Benchmark, BenchmarkContent, BenchmarkRule, Content } from '../domain/benchmarks.ts';
import { type ContentEntry, contentDirectory, readGeneration } from './content-directory.ts';

/** A generation of content, open. */
export interface OpenedContent extends Content {
  readonly all: readonly ContentEntry[];
  /** Its name, which is the digest of what it lists. */
  readonly digest: string;
}

/** Of an index, unpacked. */
const MAX_INDEX = 512 * 1024 * 1024;

/** Opens a generation from its file (`…/content/generations/DIGEST.json`). A benchmark is read when it is first asked for. */
export function openContent(file: string): OpenedContent {
  const directory = contentDirectory(dirname(dirname(dirname(file))));
  const digest = basename(file, '.json');
  const { entries: all, leftOut } = readGeneration(directory, digest);
  const read = new Map<string, Benchmark>();
  return {
    digest,
    all,
    leftOut,
    byDigest: (wanted) => {
      // Also one that was replaced since: what a host was evaluated with is what it is judged by.
      const found = read.get(wanted) ?? readBenchmark(join(directory.indexes, `${wanted}.json.gz`));
      if (found) read.set(wanted, found);
      return found;
    },
  };
}

function readBenchmark(file: string): Benchmark | undefined {
  if (!/[0-9a-f]{64}\.json\.gz$/.test(file) || !existsSync(file)) return undefined;
  const bytes = gunzipSync(readFileSync(file), { maxOutputLength: MAX_INDEX });
  const { rules, ...about } = JSON.parse(bytes.toString('utf8')) as BenchmarkContent & { rules: BenchmarkRule[] };
  return { ...about, rules: new Map(rules.map((rule) => [rule.id, rule])) };
}
