import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Limitation } from '@assay/model/evidence/document.ts';
import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { ScapResultWord } from '@assay/model/evidence/scap-results.ts';
import { describe, expect, test } from 'vitest';
import { readContent, writeContent } from '../../../packages/server/src/content/content-directory.ts';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import { judgeHost } from '../../../packages/server/src/engine/judging/judge-host.ts';
import { catalogOf } from '../../../packages/server/src/engine/judging/rules-package-catalog.ts';
import { cisBenchmarks } from '../../../packages/server/src/rules/cis-operating-system-security-configuration-benchmarks/index.ts';
import { add, newContentDirectory, openCurrent, scapEvidence } from '../../support/scap.ts';
import { smallStream } from '../../support/small-stream.ts';

const AT = Date.parse('2026-11-30');
const PROFILE = 'xccdf_org.example_profile_level1';
const ids = ['umask', 'banner', 'file_permissions_ungroupowned', 'manual'].map(
  (name) => `xccdf_org.example_rule_${name}`,
);
const [umask = '', banner = '', walk = '', manual = ''] = ids;
const debian = { id: 'debian', versionId: '12' };

async function content() {
  const directory = newContentDirectory();
  const file = join(directory.dataDirectory, 'ds.xml');
  writeFileSync(file, smallStream());
  const { added } = await add(directory, file);
  const sha256 = added[0]?.digest ?? '';
  return { directory, name: { name: 'example-12', sha256 } };
}

const given = (...results: [string, ScapResultWord][]) => ({
  results: results.map(([rule, result]) => ({ rule, result })),
  values: [{ id: 'xccdf_org.example_value_umask', value: '027' }],
});

const agent = { id: 'i-1', hostname: 'web', ipv4Address: null, tags: [] } as unknown as Agent;
const entry = catalogOf('us-east-1').find(({ implementation }) => implementation?.name === cisBenchmarks.name);

/** What the engine makes of a host. */
async function judged(
  evidence: (name: { name: string; sha256: string }) => HostEvidence,
  leftOut: readonly object[] = [],
  attributes: readonly { key: string; value: string }[] = [],
  added: string[] = [],
) {
  const { directory, name } = await content();
  for (const [at, stream] of added.entries()) {
    const file = join(directory.dataDirectory, `more-${at}-ds.xml`);
    writeFileSync(file, stream);
    await add(directory, file);
  }
  writeContent(directory, { ...readContent(directory), leftOut: leftOut as never });
  if (!entry) throw new Error('the catalog does not have it');
  return judgeHost(entry, agent, evidence(name), { at: AT, attributes, content: openCurrent(directory) });
}

test('every word of oscap has its verdict, and a rule without one was not assessed', async () => {
  const { verdicts } = await judged((name) =>
    scapEvidence(debian, name, PROFILE, given([umask, 'fail'], [banner, 'pass'], [manual, 'notchecked'])),
  );
  expect(verdicts.map(({ ruleId, outcome }) => [ruleId, outcome])).toEqual([
    [umask, 'FINDING'],
    [banner, 'PASSED'],
    [walk, 'NOT_ASSESSED'],
    [manual, 'NOT_ASSESSED'],
  ]);
});

test('a finding has the attributes that clients read, and every variable its value', async () => {
  const { findings } = await judged((name) =>
    scapEvidence(debian, name, 'xccdf_org.example_profile_level2', given([umask, 'fail'])),
  );
  const [{ document, severity } = {}] = findings;
  expect([severity, document?.title]).toEqual(['Medium', '5.4.3.3 Ensure umask']);
  expect(document?.description).toContain('umask 027');
  expect(document?.recommendation).toContain("umask='027'");
  expect(Object.fromEntries(document?.attributes.map(({ key, value }) => [key, value]) ?? [])).toMatchObject({
    BENCHMARK_ID: 'CIS Example 12 Benchmark v1.1.0',
    BENCHMARK_RULE_ID: '5.4.3.3 Ensure umask',
    CIS_BENCHMARK_PROFILE: 'Level 1 - Server',
    XCCDF_RULE_ID: umask,
    CIS_CONTROLS: '18',
  });
});

test('what was not finished has the reason, and takes nothing from what was', async () => {
  const unfinished = [{ rules: [walk], why: 'oscap did not end within 180000 ms' }];
  const { verdicts } = await judged((name) =>
    scapEvidence(debian, name, PROFILE, given([umask, 'pass'], [banner, 'notapplicable']), unfinished),
  );
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(['PASSED', 'NOT_APPLICABLE', 'NOT_ASSESSED', 'NOT_ASSESSED']);
  expect(verdicts[2]).toMatchObject({ reason: expect.stringContaining('180000 ms') });
});

describe('never clean', () => {
  const without = (limitation: Limitation, system = debian): HostEvidence => {
    const { osRelease } = scapEvidence(system, { name: 'x', sha256: '' }, PROFILE, given());
    const limitations = [limitation];
    return {
      osRelease: osRelease as never,
      scapResults: { kind: 'scapResults', schemaVersion: 1, collectedAt: 1, sources: [], limitations },
    };
  };

  test('where no rule applies: another system than the content is for', async () => {
    const { verdicts, exclusions } = await judged((name) =>
      scapEvidence(debian, name, PROFILE, given(...ids.map((id): [string, ScapResultWord] => [id, 'notapplicable']))),
    );
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['NOT_ASSESSED']));
    expect(exclusions.map(({ subject }) => subject.split('/')[0])).toEqual(['unsupported-os']);
  });

  test('where there is no content for the system', async () => {
    const { verdicts, exclusions } = await judged(() =>
      without({ code: 'UNSUPPORTED', subject: 'SCAP content', detail: 'none' }, { id: 'debian', versionId: '11' }),
    );
    expect(verdicts).toMatchObject([{ outcome: 'NOT_ASSESSED', whole: true }]);
    expect(exclusions[0]?.document.description).toContain('no SCAP content for debian 11');
  });

  test.each([
    [
      { code: 'NOT_PRESENT', subject: 'oscap', detail: 'oscap is not installed; install the package openscap-scanner' },
      /openscap-scanner/,
    ],
    [
      {
        code: 'NOT_COLLECTED',
        subject: 'collector scapResults',
        detail: "this host's agent (version 0.1.0) does not collect scapResults",
      },
      /does not collect/,
    ],
    [
      { code: 'UNREADABLE', subject: 'SCAP content', detail: 'what the server sent has another digest' },
      /another digest/,
    ],
  ] satisfies [Limitation, RegExp][])('where oscap was not there to ask: %o', async (limitation, reason) => {
    const { verdicts, exclusions } = await judged(() => without(limitation));
    expect(verdicts).toHaveLength(4);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ outcome: 'NOT_ASSESSED', whole: true });
    expect(exclusions).toHaveLength(1);
    expect(exclusions[0]?.document.description).toMatch(reason);
  });

  test('where oscap was killed before the first rule', async () => {
    const unfinished = [{ rules: [], why: 'oscap was ended by signal 9' }];
    const { verdicts } = await judged((name) => scapEvidence(debian, name, PROFILE, given(), unfinished));
    expect(verdicts).toHaveLength(4);
    for (const verdict of verdicts)
      expect(verdict).toMatchObject({ outcome: 'NOT_ASSESSED', reason: 'oscap was ended by signal 9' });
  });

  test('where it was evaluated with content that this server does not have', async () => {
    const { verdicts } = await judged(() =>
      scapEvidence(debian, { name: 'x', sha256: 'f'.repeat(64) }, PROFILE, given([umask, 'pass'])),
    );
    expect(verdicts).toMatchObject([{ outcome: 'NOT_ASSESSED', because: { code: 'NO_KNOWLEDGE' } }]);
  });
});

test('a rule that is left out is named with who answers for it, until its day is over', async () => {
  const leftOut = { rule: umask, reason: 'ticket 7', author: 'Ada', expires: '2026-11-30' };
  const failing = (name: { name: string; sha256: string }) =>
    scapEvidence(debian, name, PROFILE, given([umask, 'fail']));
  const { verdicts, findings } = await judged(failing, [leftOut]);
  expect(findings).toEqual([]);
  expect(verdicts[0]).toMatchObject({ outcome: 'NOT_ASSESSED', reason: 'left out until 2026-11-30 by Ada: ticket 7' });
  expect((await judged(failing, [{ ...leftOut, expires: '2026-11-29' }])).findings).toHaveLength(1);
});

describe('what a host says of something else is no verdict', () => {
  const clean = given([umask, 'pass'], [banner, 'pass'], [walk, 'pass'], [manual, 'pass']);
  const outcomes = ({ verdicts }: Awaited<ReturnType<typeof judged>>) => [
    ...new Set(verdicts.map(({ outcome }) => outcome)),
  ];

  test('content for another release', async () => {
    const said = await judged((name) => scapEvidence({ id: 'debian', versionId: '13' }, name, PROFILE, clean));
    expect(outcomes(said)).toEqual(['NOT_ASSESSED']);
    expect(said.exclusions[0]?.document.description).toContain('is not for debian 13');
  });

  test('a derivative, which is another system', async () => {
    const said = await judged((name) => scapEvidence({ id: 'raspbian', versionId: '12' }, name, PROFILE, clean));
    expect(outcomes(said)).toEqual(['NOT_ASSESSED']);
  });

  test('a lower profile than the run asks for', async () => {
    const level2 = [{ key: 'assay:cis-profile', value: 'level2-server' }];
    const said = await judged((name) => scapEvidence(debian, name, PROFILE, clean), [], level2);
    expect(outcomes(said)).toEqual(['NOT_ASSESSED']);
    expect(said.verdicts).toHaveLength(5);
    expect(said.verdicts[0]).toMatchObject({ reason: expect.stringContaining('asks for level 2, server') });
  });

  test('rules that the profile does not have', async () => {
    const said = await judged((name) => scapEvidence(debian, name, PROFILE, given(['xccdf_org.other_rule_x', 'pass'])));
    expect(outcomes(said)).toEqual(['NOT_ASSESSED']);
  });

  test.each([
    ['pass', 'fail'],
    ['fail', 'pass'],
    ['pass', 'notapplicable'],
  ] satisfies ScapResultWord[][])('one rule that is said twice: %s and %s', async (...twice) => {
    const results = given(...twice.map((word): [string, ScapResultWord] => [umask, word]), [banner, 'pass']);
    const { verdicts, findings } = await judged((name) => scapEvidence(debian, name, PROFILE, results));
    expect(findings).toEqual([]);
    expect(verdicts[0]).toMatchObject({ outcome: 'NOT_ASSESSED', reason: expect.stringContaining('two results') });
  });

  test('values that would fill the memory', async () => {
    const value = 'x'.repeat(2000);
    const results = { ...given([umask, 'fail']), values: [{ id: 'xccdf_org.example_value_umask', value }] };
    const { findings } = await judged((name) => scapEvidence(debian, name, PROFILE, results));
    expect(findings[0]?.document.description.length).toBeLessThan(25_000);
  });
});

test('content that newer content superseded is judged by, and the run says so', async () => {
  const newer = smallStream().replaceAll('v1.1.0', 'v1.2.0').replace('EXAMPLE-12', 'EXAMPLE-12-NEW');
  const { verdicts, exclusions } = await judged(
    (name) =>
      scapEvidence(debian, name, PROFILE, given([umask, 'pass'], [banner, 'pass'], [walk, 'pass'], [manual, 'pass'])),
    [],
    [],
    [newer],
  );
  expect(verdicts.slice(0, 4).map(({ outcome }) => outcome)).toEqual(Array(4).fill('PASSED'));
  expect(verdicts).toHaveLength(5);
  expect(exclusions).toHaveLength(1);
  expect(exclusions[0]?.document.description).toContain('CIS Example 12 Benchmark v1.2.0) is newer');
});

describe('a host that much of the benchmark is not for says so', () => {
  const unfit = given([umask, 'notapplicable'], [banner, 'notapplicable'], [walk, 'notapplicable'], [manual, 'pass']);
  const said = async (container?: string, results = unfit) => {
    const { exclusions } = await judged((name) => {
      const evidence = scapEvidence(debian, name, PROFILE, results);
      const data = evidence.osRelease?.data;
      return data && container
        ? { ...evidence, osRelease: { ...evidence.osRelease, data: { ...data, container } } }
        : evidence;
    });
    return exclusions.map(({ document }) => document.description).join('\n');
  };

  test('a container', async () => {
    expect(await said('docker')).toContain('3 of the 4 rules are for machines');
    expect(await said('docker')).toContain('the host is a container (docker)');
  });

  test('a system without a kernel of its own', async () => {
    expect(await said()).toContain('no package of a kernel is installed on the host');
  });

  test('and any other host does not', async () => {
    const fit = given([umask, 'pass'], [banner, 'notapplicable'], [walk, 'pass'], [manual, 'pass']);
    expect(await said(undefined, fit)).toBe('');
  });
});
