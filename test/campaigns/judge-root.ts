/**
 * Evaluates this host as a run does, and prints every verdict: `judge-root.ts DATA_STREAM PROFILE DIRECTORY`. It is started
 * by the campaign in a root of its own.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { collect } from '@assay/agent/collect.ts';
import { openHost } from '@assay/agent/open-host.ts';
import { addContent } from '../../packages/server/src/content/add-content.ts';
import {
  contentDirectory,
  currentGeneration,
  makeContentDirectory,
} from '../../packages/server/src/content/content-directory.ts';
import { openContent } from '../../packages/server/src/content/open-content.ts';
import { isSlowRule } from '../../packages/server/src/domain/slow-rules.ts';
import { cisBenchmarks } from '../../packages/server/src/rules/cis-operating-system-security-configuration-benchmarks/index.ts';

const [stream = '', profile = '', path = ''] = process.argv.slice(2);
const directory = contentDirectory(path);
makeContentDirectory(directory);
const { added } = await addContent(directory, stream, { source: stream, now: Date.now(), onFile: () => undefined });
const [entry] = added;
const chosen = entry?.profiles.find(({ id }) => id === profile);
if (!entry || !chosen) throw new Error(`${stream} has no profile ${profile}`);
const { name, digest: sha256, size } = entry;
const rules = chosen.rules.length;
const offered = { name, sha256, size, profile, rules, slowRules: chosen.rules.filter(isSlowRule) };
const agent = join(path, 'agent');
mkdirSync(agent);
const host = await openHost();
const scapResults = await collect('scapResults', host, {
  offer: async () => ({ ok: true, value: offered }),
  fetch: async () => ({ ok: true, value: stream }),
  directory: agent,
  progress: () => undefined,
  log: (line) => process.stderr.write(`${line}\n`),
  signal: new AbortController().signal,
});
const content = openContent(join(directory.generations, `${currentGeneration(directory)}.json`));
const evidence = { osRelease: await collect('osRelease', host), scapResults };
const verdicts = cisBenchmarks.evaluate(evidence, { at: Date.now(), content });
const { passes, unfinished } = scapResults.data ?? {};
process.stdout.write(JSON.stringify({ verdicts, passes, unfinished, limitations: scapResults.limitations }));
