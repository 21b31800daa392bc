import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '@assay/agent/collect.ts';
import { type CommandOutput, type Host, refuse, type Seen } from '@assay/agent/host.ts';
import type { ScapContent } from '@assay/agent/scap-content.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fixtureHost } from '../fixture-host.ts';

const results = (...given: [string, string][]): string =>
  `<Benchmark xmlns="http://checklists.nist.gov/xccdf/1.2"><Rule id="a"><result>no</result></Rule><TestResult>
<set-value idref="v">027</set-value>
${given.map(([rule, result]) => `<rule-result idref="${rule}" weight="1.000000"><result>${result}</result><message severity="info">said &amp; done</message></rule-result>`).join('')}
</TestResult></Benchmark>`;

const offered = { name: 'x', sha256: 'a'.repeat(64), size: 1, profile: 'p', rules: 3, slowRules: ['slow'] };

function serverContent(offer: Seen<typeof offered> = { ok: true, value: offered }): ScapContent {
  const directory = mkdtempSync(join(tmpdir(), 'assay-scap-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return {
    offer: async () => offer,
    fetch: async () => ({ ok: true, value: '/content.xml' }),
    directory,
    progress: () => undefined,
    log: () => undefined,
    signal: new AbortController().signal,
  };
}

type Evaluate = (
  args: readonly string[],
  write: (text: string) => void,
  onLine: (line: string) => void,
) => Seen<CommandOutput>;

/** A Debian host whose oscap does as it is told; everything else that is run works. */
function host(evaluate: Evaluate | undefined, more: Record<string, string> = {}): Host {
  const files = fixtureHost({ 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', ...more });
  const ended = (exitCode: number, stdout = ''): Seen<CommandOutput> => ({
    ok: true,
    value: { exitCode, stdout, stderr: '' },
  });
  return {
    ...files,
    run: async (command, args, limits) => {
      const line = [command, ...args];
      if (line.at(-1) === '--version' && command === 'oscap') {
        return evaluate
          ? ended(0, 'OpenSCAP command line tool (oscap) 1.3.7\n')
          : refuse('NOT_PRESENT', 'no such program');
      }
      const at = line.indexOf('oscap');
      if (at < 0 || !evaluate) return ended(0);
      const to = line[line.indexOf('--results') + 1] ?? '';
      return evaluate(
        more['proc/self/status'] ? line : line.slice(at),
        (text) => writeFileSync(to, text),
        limits.onLine ?? (() => undefined),
      );
    },
  };
}

const done: Seen<CommandOutput> = { ok: true, value: { exitCode: 2, stdout: '', stderr: '' } };
const isRoot = process.geteuid?.() === 0;

describe.skipIf(!isRoot)('with root', () => {
  test('two passes: every rule but the slow ones, then each of those, and nothing that changes or fetches', async () => {
    const commands: (readonly string[])[] = [];
    const asked = host((args, write) => {
      commands.push(args);
      const slow = args.includes('--rule');
      write(slow ? results(['slow', 'pass']) : results(['a', 'fail'], ['b', 'notselected'], ['slow', 'notchecked']));
      return done;
    });
    const { data, limitations } = await collect('scapResults', asked, serverContent());
    expect(limitations).toEqual([]);
    expect(data).toMatchObject({
      scanner: '1.3.7',
      results: [
        { rule: 'a', result: 'fail', messages: ['said & done'] },
        { rule: 'slow', result: 'pass' },
      ],
      values: [{ id: 'v', value: '027' }],
      unfinished: [],
      passes: [{ exitCode: 2 }, { rule: 'slow', exitCode: 2 }],
    });
    for (const args of commands) {
      expect(args.slice(0, 3)).toEqual(['oscap', 'xccdf', 'eval']);
      expect(args.filter((arg) => /remediate|fetch|oval-results/.test(arg))).toEqual([]);
    }
    expect(commands[0]).toContain('--skip-rule');
  });

  describe('in the service of the agent', () => {
    const confined = { 'proc/self/status': 'Name:\tnode\nNoNewPrivs:\t1\n' };

    test('oscap gets a service of its own, held to memory and time', async () => {
      const commands: (readonly string[])[] = [];
      const asked = host((args, write) => {
        commands.push(args);
        write(results(['a', 'pass'], ['slow', 'pass']));
        return done;
      }, confined);
      const { data } = await collect('scapResults', asked, serverContent());
      expect(data?.results).toHaveLength(2);
      expect(commands).toHaveLength(2);
      for (const [program, ...args] of commands) {
        expect(program).toBe('systemd-run');
        expect(args).toContain('MemoryMax=536870912');
        expect(args.find((arg) => arg.startsWith('RuntimeMaxSec='))).toMatch(/=\d+$/);
        expect(args.slice(args.indexOf('--') + 1, args.indexOf('--') + 4)).toEqual(['oscap', 'xccdf', 'eval']);
      }
    });

    test('where systemd does not start it, the agent does', async () => {
      const asked = host((args, write) => {
        if (args[0] === 'systemd-run') {
          const stderr = 'Failed to start transient service unit: Access denied\n';
          return { ok: true, value: { exitCode: 1, stdout: '', stderr } };
        }
        write(results(['a', 'pass'], ['slow', 'pass']));
        return done;
      }, confined);
      const { data } = await collect('scapResults', asked, serverContent());
      expect(data?.results).toHaveLength(2);
      expect(data?.unfinished).toEqual([]);
    });
  });

  test('what was done before the time was over counts, and the rest has the reason', async () => {
    const slow = host((_, __, onLine) => {
      onLine('a:pass');
      onLine('not a line of progress');
      return refuse('TIMED_OUT', 'did not end within 1 ms');
    });
    const { data } = await collect('scapResults', slow, serverContent());
    expect(data?.results).toEqual([{ rule: 'a', result: 'pass' }]);
    expect(data?.unfinished.map(({ rules }) => rules)).toEqual([[], ['slow']]);
  });

  test.each([
    ['crashed', { ok: true, value: { exitCode: 139, stdout: '', stderr: '' } }, /memory is short/],
    [
      'refused the profile',
      { ok: true, value: { exitCode: 1, stdout: '', stderr: 'WARNING: x\nNo such profile\n' } },
      /No such profile/,
    ],
    ['wrote nothing', done, /ENOENT|no such file/],
  ] satisfies [string, Seen<CommandOutput>, RegExp][])(
    'an engine that %s is no empty result',
    async (_, ended, why) => {
      const { data } = await collect(
        'scapResults',
        host(() => ended),
        serverContent(),
      );
      expect(data?.results).toEqual([]);
      expect(data?.unfinished[0]?.why).toMatch(why);
    },
  );
});

test('without oscap the package to install is named', async () => {
  const { data, limitations } = await collect('scapResults', host(undefined), serverContent());
  expect(data).toBeUndefined();
  expect(limitations).toMatchObject([{ code: 'NOT_PRESENT', subject: 'oscap' }]);
  expect(limitations[0]?.detail).toContain('openscap-scanner');
});

test('a server without content, and no server, are said', async () => {
  const none = await collect(
    'scapResults',
    host(() => done),
    serverContent(refuse('UNSUPPORTED', 'no content for it')),
  );
  expect(none.limitations).toMatchObject([
    { code: 'UNSUPPORTED', subject: 'SCAP content', detail: 'no content for it' },
  ]);
  const alone = await collect(
    'scapResults',
    host(() => done),
  );
  expect(alone.limitations).toMatchObject([{ code: 'UNSUPPORTED', subject: 'SCAP content' }]);
});
