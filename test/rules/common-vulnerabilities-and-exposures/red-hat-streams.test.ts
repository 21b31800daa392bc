import { describe, expect, test } from 'vitest';
import { parseCsafVex } from '../../../packages/server/src/feeds/csaf/parse-csaf-vex.ts';
import { advisoriesFromRecords } from '../../../packages/server/src/feeds/index/advisories-from-records.ts';
import { explain } from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/explain.ts';
import {
  describeStreams,
  streamsOf,
} from '../../../packages/server/src/rules/common-vulnerabilities-and-exposures/red-hat-streams.ts';
import { type VexStatement, vexDocument } from '../../feeds/vex-documents.ts';
import { at, clean, hostOf, judgeBy } from './hosts.ts';

const repositoriesOf = (...names: string[]) => names.map((name) => ({ name, enabled: true }));

describe('the streams of a host', () => {
  test.each([
    ['9', ['rhel-9-for-x86_64-baseos-rpms', 'rhel-9-for-x86_64-appstream-rpms'], ['main']],
    ['9', ['rhel-9-for-x86_64-baseos-eus-rpms', 'rhel-9-for-x86_64-appstream-eus-rpms'], ['eus']],
    ['9', ['rhel-9-for-ppc64le-baseos-e4s-rpms'], ['e4s']],
    ['9', ['rhel-9-for-x86_64-appstream-aus-rpms'], ['aus']],
    ['8', ['rhel-8-for-x86_64-baseos-tus-rpms'], ['tus']],
    ['7', ['rhel-7-server-rpms'], ['main']],
    ['7', ['rhel-7-server-els-rpms', 'rhel-7-server-rpms'], ['els', 'main']],
    ['7', ['rhel-7-for-power-le-eus-rpms'], ['eus']],
    ['9', ['rhel-9-baseos-rhui-rpms'], ['main']],
    ['9', ['rhui-rhel-9-for-x86_64-baseos-e4s-rhui-rpms'], ['e4s']],
    ['9', ['rhel-9-for-x86_64-baseos-eus-rhui-rpms'], ['eus']],
    ['9', ['ubi-9-baseos-rpms'], ['main']],
    ['9', ['rhel-9-for-x86_64-baseos-eus-debug-rpms', 'rhel-9-for-x86_64-baseos-beta-rpms'], []],
    ['9', ['rhel-8-for-x86_64-baseos-rpms', 'epel', 'rhel-9-for-x86_64-supplementary-rpms'], []],
    ['9', ['ORG_RHEL9_BaseOS'], []],
  ])('RHEL %s: %s', (major, names, kinds) => {
    expect(streamsOf({ major, minor: '4' }, { repositories: repositoriesOf(...names) }).kinds).toEqual(kinds);
  });

  test('repositories that are not enabled tell nothing, and why is said', () => {
    const repositories = [{ name: 'rhel-9-for-x86_64-baseos-eus-rpms', enabled: false }];
    const release = { major: '9', minor: '2' };
    expect(streamsOf(release, { repositories })).toMatchObject({ kinds: [], why: 'no repository is enabled' });
    expect(streamsOf(release, {})).toMatchObject({ kinds: [], why: 'its repositories were not seen' });
    expect(describeStreams(streamsOf(release, {}))).toBe(
      'Which update stream of Red Hat Enterprise Linux 9 the host gets is not known (its repositories were not seen): what differs between them is not assessed.',
    );
  });

  test('the minor release that the host is kept at', () => {
    const release = { major: '9', minor: '4' };
    const repositories = repositoriesOf('rhel-9-for-x86_64-baseos-eus-rpms');
    expect(streamsOf(release, { repositories }).minor).toBe('4');
    expect(streamsOf(release, { repositories, releaseVersion: '9.2' }).minor).toBe('2');
    expect(streamsOf(release, { repositories, releaseVersion: '9' }).minor).toBe('4');
    const named = repositoriesOf('rhel-9-for-x86_64-baseos-eus-rpms__9_DOT_0');
    expect(streamsOf(release, { repositories: named }).minor).toBe('0');
    expect(describeStreams(streamsOf(release, { repositories, releaseVersion: '9.2' }))).toBe(
      'The host gets EUS 9.2 (enabled: rhel-9-for-x86_64-baseos-eus-rpms); records count by the CPEs cpe:/o:redhat:rhel_eus:9.2, cpe:/o:redhat:enterprise_linux:9.',
    );
  });
});

const cve = 'CVE-2026-0001';
const advisoriesOf = (statements: readonly VexStatement[]) => {
  const outcome = parseCsafVex(vexDocument(cve, statements), cve);
  if (!('item' in outcome)) throw new Error(outcome.reason);
  return advisoriesFromRecords([], { more: [outcome.item] });
};
const fixed = (stream: string, version: string, source = 'kernel'): VexStatement => {
  return { stream, source, version, status: 'fixed', remark: 'RHSA-2026:1000' };
};

/** A host at 9.4 of one package, by the words of its BaseOS repository; null: its repositories were not seen. */
const host = (version: string, kind: string | null, name = 'kernel-core', source = 'kernel') =>
  hostOf([{ name, version, sourceName: source, vendor: 'Red Hat, Inc.' }], {
    os: { id: 'rhel', versionId: '9.4' },
    ...(name === 'kernel-core' ? { uname: `${version}.x86_64` } : {}),
    ...(kind === null ? {} : { repositories: repositoriesOf(`rhel-9-for-x86_64-baseos${kind}-rpms`) }),
  });

const main = fixed('enterprise_linux:9::baseos', '5.14.0-503.23.2.el9_5');
const eus = fixed('rhel_eus:9.4::baseos', '5.14.0-427.50.2.el9_4');

async function findings(of: ReturnType<typeof host>, statements: readonly VexStatement[]): Promise<readonly string[]> {
  const said = judgeBy(of, await advisoriesOf(statements));
  expect(said.notAssessed).toEqual([]);
  return said.findings;
}

describe('a host is judged by its own streams', () => {
  test('EUS: its fix is the one to take, and what has it is fixed', async () => {
    expect(await findings(host('5.14.0-427.49.1.el9_4', '-eus'), [main, eus])).toEqual([
      `${cve} kernel-core 5.14.0-427.49.1.el9_4 -> 5.14.0-427.50.2.el9_4 FIX_AVAILABLE Medium`,
    ]);
    expect(await findings(host('5.14.0-427.50.2.el9_4', '-eus'), [main, eus])).toEqual([]);
    // E4S was EUS before: what EUS fixed is its own.
    expect(await findings(host('5.14.0-427.49.1.el9_4', '-e4s'), [main, eus])).toEqual([
      `${cve} kernel-core 5.14.0-427.49.1.el9_4 -> 5.14.0-427.50.2.el9_4 FIX_AVAILABLE Medium`,
    ]);
  });

  test('the main stream: its fix is the one to take', async () => {
    expect(await findings(host('5.14.0-427.49.1.el9_4', ''), [main, eus])).toEqual([
      `${cve} kernel-core 5.14.0-427.49.1.el9_4 -> 5.14.0-503.23.2.el9_5 FIX_AVAILABLE Medium`,
    ]);
    expect(await findings(host('5.14.0-427.50.2.el9_4', ''), [main, eus])).toEqual([]);
  });

  test('EUS without a fix of its own: the finding stays, and says where the fix is', async () => {
    const other = fixed('rhel_eus:9.2::baseos', '5.14.0-284.90.1.el9_2');
    const of = host('5.14.0-427.49.1.el9_4', '-eus');
    expect(await findings(of, [main, other])).toEqual([
      `${cve} kernel-core 5.14.0-427.49.1.el9_4 -> null NO_FIX Medium`,
    ]);
    const { packages, streams } = explain(of, { advisories: await advisoriesOf([main, other]), at }, cve);
    expect(packages[0]?.decisions[0]?.comparison).toBe(
      '5.14.0-427.49.1.el9_4 < 5.14.0-503.23.2.el9_5 (fixed), RHSA-2026:1000, in the main stream; EUS 9.4 has no fix',
    );
    expect(streams).toContain('cpe:/o:redhat:rhel_eus:9.4');
  });

  test('affected without a fix in the main stream, fixed in the host’s own', async () => {
    const open: VexStatement = {
      stream: 'enterprise_linux:9',
      source: 'kernel',
      status: 'known_affected',
      remark: 'Fix deferred',
    };
    expect(await findings(host('5.14.0-427.50.2.el9_4', '-eus'), [open, eus])).toEqual([]);
    expect(await findings(host('5.14.0-427.49.1.el9_4', '-eus'), [open, eus])).toEqual([
      `${cve} kernel-core 5.14.0-427.49.1.el9_4 -> 5.14.0-427.50.2.el9_4 FIX_AVAILABLE Medium`,
    ]);
    expect(await findings(host('5.14.0-503.1.1.el9_5', ''), [open, eus])).toEqual([
      `${cve} kernel-core 5.14.0-503.1.1.el9_5 -> null DEFERRED Medium`,
    ]);
  });

  test('that the main stream is not affected does not clear an extended one', async () => {
    const not: VexStatement = {
      stream: 'enterprise_linux:9',
      source: 'kernel',
      status: 'known_not_affected',
      remark: 'vulnerable_code_not_present',
    };
    expect(await findings(host('5.14.0-427.49.1.el9_4', '-eus'), [not, eus])).toHaveLength(1);
    expect(await findings(host('5.14.0-427.50.2.el9_4', '-eus'), [not, eus])).toEqual([]);
    expect(await findings(host('5.14.0-503.1.1.el9_5', ''), [not, eus])).toEqual([]);
  });

  test('ELS of version 7', async () => {
    const open: VexStatement = {
      stream: 'enterprise_linux:7',
      source: 'bind',
      status: 'known_affected',
      remark: 'Out of support scope',
    };
    const els = fixed('rhel_els:7', '9.11.4-26.P2.el7_9.18', 'bind');
    const seven = (version: string, ...repositories: string[]) =>
      hostOf([{ name: 'bind', version, vendor: 'Red Hat, Inc.' }], {
        os: { id: 'rhel', versionId: '7.9' },
        repositories: repositoriesOf(...repositories),
      });
    const advisories = await advisoriesOf([open, els]);
    const subscribed = ['rhel-7-server-rpms', 'rhel-7-server-els-rpms'];
    expect(judgeBy(seven('9.11.4-26.P2.el7_9.16', ...subscribed), advisories).findings).toEqual([
      `${cve} bind 9.11.4-26.P2.el7_9.16 -> 9.11.4-26.P2.el7_9.18 FIX_AVAILABLE Medium`,
    ]);
    expect(judgeBy(seven('9.11.4-26.P2.el7_9.18', ...subscribed), advisories).findings).toEqual([]);
    expect(judgeBy(seven('9.11.4-26.P2.el7_9.16', 'rhel-7-server-rpms'), advisories).findings).toEqual([
      `${cve} bind 9.11.4-26.P2.el7_9.16 -> null END_OF_LIFE Medium`,
    ]);
  });
});

describe('where the streams are not known', () => {
  const aus = fixed('rhel_aus:9.4::baseos', '5.14.0-427.80.1.el9_4');

  test('what they agree in is said', async () => {
    expect(await findings(host('5.14.0-427.49.1.el9_4', null), [main, eus, aus])).toHaveLength(1);
    expect(await findings(host('5.14.0-427.80.1.el9_4', null), [main, eus, aus])).toEqual([]);
  });

  test('what they differ in is not assessed, with the reason', async () => {
    const said = judgeBy(host('5.14.0-427.60.1.el9_4', null), await advisoriesOf([main, eus, aus]));
    expect(said.findings).toEqual([]);
    expect(said.notAssessed).toEqual([
      expect.stringMatching(
        /which update stream of Red Hat Enterprise Linux the host gets is not known \(its repositories were not seen\), and they differ: .*427\.80\.1.*427\.50\.2/,
      ),
    ]);
    expect(await findings(host('5.14.0-427.60.1.el9_4', '-eus'), [main, eus, aus])).toEqual([]);
    expect(await findings(host('5.14.0-427.60.1.el9_4', '-aus'), [main, eus, aus])).toHaveLength(1);
  });
});

describe('a module stream in an extended stream', () => {
  const build = (stream: string, module: string, version: string): VexStatement => {
    return { stream, source: 'nodejs', module, version, epoch: '1', status: 'fixed', remark: 'RHSA-2026:1000' };
  };
  const statements = [
    build('enterprise_linux:8::appstream', 'nodejs:20', '20.8.1-1.module+el8.9.0+20473+c4e3d824'),
    build('rhel_eus:8.8::appstream', 'nodejs:18', '18.17.1-1.module+el8.8.0+19757+8ca87034'),
  ];
  const node = (version: string, more: { module?: string; moduleStreams?: { module: string; stream: string }[] }) => {
    const { module, moduleStreams } = more;
    const evidence = hostOf(
      [{ name: 'nodejs', version, vendor: 'Red Hat, Inc.', ...(module === undefined ? {} : { module }) }],
      { os: { id: 'rhel', versionId: '8.8' }, repositories: repositoriesOf('rhel-8-for-x86_64-appstream-eus-rpms') },
    );
    const [database] = evidence.packages?.data?.databases ?? [];
    if (database && moduleStreams) database.moduleStreams = moduleStreams;
    return evidence;
  };
  const old = '1:18.16.1-1.module+el8.8.0+19438+94e84959';

  test('what is said of another module stream in the main one settles nothing', async () => {
    const advisories = await advisoriesOf(statements);
    const said = judgeBy(node(old, { module: 'nodejs:18:8080020230718200134:63b34585' }), advisories);
    expect(said).toEqual({
      ...clean,
      findings: [`${cve} nodejs ${old} -> 1:18.17.1-1.module+el8.8.0+19757+8ca87034 FIX_AVAILABLE Medium`],
    });
  });

  test('the enabled stream stands for a label that is missing', async () => {
    const advisories = await advisoriesOf(statements);
    const of = (stream: string) => judgeBy(node(old, { moduleStreams: [{ module: 'nodejs', stream }] }), advisories);
    expect(of('18').findings).toHaveLength(1);
    expect(of('20').notAssessed).toEqual([]);
    expect(judgeBy(node(old, {}), advisories)).toMatchObject({
      findings: [],
      notAssessed: [expect.stringContaining('MODULARITYLABEL')],
    });
  });
});
