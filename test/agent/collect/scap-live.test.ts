import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectScapResults } from '@assay/agent/collect/scap-results.ts';
import { startCollection } from '@assay/agent/collection.ts';
import type { Host } from '@assay/agent/host.ts';
import { openHost } from '@assay/agent/open-host.ts';
import type { ScapContent } from '@assay/agent/scap-content.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { cisBenchmarks } from '../../../packages/server/src/rules/cis-operating-system-security-configuration-benchmarks/index.ts';
import { noOscap as absent, type TinyRoot, tinyRoot } from '../../support/oscap-root.ts';
import { ovalProfile, ovalRule, ovalStream } from '../../support/oval-stream.ts';
import { add, newContentDirectory, openCurrent, scapEvidence } from '../../support/scap.ts';
import { skipNote } from '../../support/shared-data.ts';

const rules = ['umask', 'banner', 'file_permissions_ungroupowned', 'manual'].map(ovalRule);
const [umask = '', banner = '', walk = '', manual = ''] = rules;

/** What the agent collects where the server offers that content. */
async function evaluated({ root, stream }: TinyRoot, digest = 'a'.repeat(64), host?: Host) {
  const lines: string[] = [];
  const told: [number, number][] = [];
  const offered = { name: 'live', sha256: digest, size: 1, profile: ovalProfile, rules: 4, slowRules: [walk] };
  const scapContent: ScapContent = {
    offer: async () => ({ ok: true, value: offered }),
    fetch: async () => ({ ok: true, value: stream }),
    directory: join(root, 'agent'),
    progress: (done, total) => told.push([done, total]),
    log: (line) => lines.push(line),
    signal: new AbortController().signal,
  };
  const collection = startCollection(host ?? (await openHost()), scapContent);
  const data = await collectScapResults(collection);
  if (!data) throw new Error(`nothing was collected: ${JSON.stringify(collection.limitations)}`);
  return { data, lines, told };
}

const words = ({ results }: EvidenceData<'scapResults'>) =>
  Object.fromEntries(results.map(({ rule, result }) => [rule, result]));

/** What oscap says by itself, read by nothing of ours. */
function plainOscap({ root, stream }: TinyRoot): Record<string, string> {
  const results = join(root, 'plain.xml');
  const args = ['xccdf', 'eval', '--profile', ovalProfile, '--results', results, '--progress', stream];
  const { stdout } = spawnSync('oscap', args, { encoding: 'utf8', cwd: root });
  return Object.fromEntries(stdout.split('\n').flatMap((line) => (line.includes(':') ? [line.split(':')] : [])));
}

/** The verdicts of the package for a Debian 12 of which the agent sent that. */
async function judged(tiny: TinyRoot) {
  const directory = newContentDirectory();
  const { added } = await add(directory, tiny.stream);
  const { data } = await evaluated(tiny, added[0]?.digest);
  const { osRelease, scapResults } = scapEvidence({ id: 'debian', versionId: '12' }, data.content, data.profile, {
    results: [],
    values: [],
  });
  if (!osRelease || !scapResults) throw new Error('there is no evidence');
  const evidence = { osRelease, scapResults: { ...scapResults, data } };
  return cisBenchmarks.evaluate(evidence, { at: 1, content: openCurrent(directory) });
}

describe.skipIf(absent)(`the real oscap${skipNote(absent)}`, () => {
  test('gives in two passes what it gives by itself in one', async () => {
    const tiny = tinyRoot();
    const { data, lines, told } = await evaluated(tiny);
    expect(words(data)).toEqual(plainOscap(tiny));
    expect(words(data)).toEqual({ [umask]: 'fail', [banner]: 'pass', [walk]: 'pass', [manual]: 'notchecked' });
    expect(data.passes.map(({ rule, exitCode }) => [rule, exitCode])).toEqual([
      [undefined, 2],
      [walk, 0],
    ]);
    expect(data.values).toEqual([{ id: 'xccdf_org.example_value_umask', value: '027' }]);
    expect(told.at(-1)).toEqual([4, 4]);
    expect(lines.at(-1)).toBe('oscap: 4 of 4 rules have a result');
  });

  test('one setting that is fixed takes exactly its finding away', async () => {
    const tiny = tinyRoot('UMASK 022\n');
    const findings = async () =>
      (await judged(tiny)).filter(({ outcome }) => outcome === 'FINDING').map(({ ruleId }) => ruleId);
    expect(await findings()).toEqual([umask, banner]);
    tiny.configure('UMASK 027\n');
    expect(await findings()).toEqual([banner]);
  });

  test('content for another release ends with status 0, and is "not supported" and never clean', async () => {
    const tiny = tinyRoot(undefined, '13');
    const { data } = await evaluated(tiny);
    expect(data.passes[0]?.exitCode).toBe(0);
    expect(new Set(Object.values(words(data)))).toEqual(new Set(['notapplicable']));
    const verdicts = await judged(tiny);
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['NOT_ASSESSED']));
  });

  test('killed in the middle, it leaves what it had said, and the reason for the rest', async () => {
    const tiny = tinyRoot();
    const host = await openHost();
    let group = 0;
    const killing: Host = {
      ...host,
      run: (program, args, limits) => {
        if (!args.includes('--skip-rule')) return host.run(program, args, limits);
        const onLine = (line: string): void => {
          limits.onLine?.(line);
          if (group !== 0) process.kill(-group, 'SIGKILL');
        };
        return host.run('sh', ['-c', `echo ${banner}:pass; exec sleep 60`], {
          ...limits,
          onLine,
          onStart: (pid) => {
            group = pid;
          },
        });
      },
    };
    const { data } = await evaluated(tiny, undefined, killing);
    expect(words(data)).toEqual({ [banner]: 'pass', [walk]: 'pass' });
    expect(data.unfinished).toEqual([{ rules: [], why: 'oscap was ended by signal 9' }]);
  });

  test.each([
    ['cut short', (text: string) => text.slice(0, 3000)],
    ['empty', () => ''],
    ['without the profile', (text: string) => text.replaceAll('profile_level1', 'profile_other')],
  ])('content that is %s gives no result that could look clean', async (_, damage) => {
    const tiny = tinyRoot();
    writeFileSync(tiny.stream, damage(ovalStream(tiny.root)));
    const { data } = await evaluated(tiny);
    expect(data.results).toEqual([]);
    expect(data.unfinished[0]?.rules).toEqual([]);
    expect(data.unfinished[0]?.why).toMatch(/^oscap could not evaluate the profile \(exit status 1/);
  });
});
