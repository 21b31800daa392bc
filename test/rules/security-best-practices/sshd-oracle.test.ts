import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSshdConfig } from '../../../packages/server/src/rules/security-best-practices/sshd-config.ts';
import { sshdInstances } from '../../../packages/server/src/rules/security-best-practices/sshd-instances.ts';
import { blockMatch } from '../../../packages/server/src/rules/security-best-practices/sshd-match-block.ts';
import { inForce } from '../../../packages/server/src/rules/security-best-practices/sshd-scenarios.ts';
import { testedConnection } from '../../../packages/server/src/rules/security-best-practices/sshd-test-mode.ts';
import { propertyRuns } from '../../support/effort.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { testSeed } from '../../support/test-seed.ts';
import { sshd, texts } from './hosts.ts';

const binary = '/usr/sbin/sshd';
const keygen = '/usr/bin/ssh-keygen';
const folder = mkdtempSync(join(tmpdir(), 'assay-sshd-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = propertyRuns(30);
const keywords = {
  permitrootlogin: { names: ['permitrootlogin'], byDefault: 'prohibit-password' },
  passwordauthentication: { names: ['passwordauthentication'], byDefault: 'yes' },
  kbdinteractiveauthentication: {
    names: ['kbdinteractiveauthentication', 'challengeresponseauthentication'],
    byDefault: 'yes',
  },
  usepam: { names: ['usepam'], byDefault: 'no' },
};
type Keyword = keyof typeof keywords;

const unusable = whyUnusable();

test.skipIf(unusable !== undefined)(
  `reads ${cases} random configurations as sshd -T does${unusable === undefined ? '' : ` (skipped: ${unusable})`}`,
  () => {
    const next = seededRandom(testSeed);
    const random = (below: number): number => Math.floor(next() * below);
    let differing = 0;
    for (let number = 0; number < cases; number++) {
      const { main, files, pattern, dropIns, options } = write(number, random);
      const said = askServer(main, options);
      const data = sshd(
        {},
        {
          configPath: main,
          files: texts(files),
          includes: [{ pattern, files: dropIns }],
          runningArguments: [[binary, ...options.flatMap((option) => ['-o', option])]],
        },
      );
      const [instance] = sshdInstances(data, []).instances;
      if (!instance) throw new Error('no instance');
      const config = readSshdConfig(data, [], instance);
      expect(config.problems).toEqual([]);
      for (const [keyword, { names, byDefault }] of Object.entries(keywords)) {
        const setting = inForce(config, { blocks: new Set() }, names);
        const value = normal(setting?.values[0] ?? byDefault);
        expect({ number, keyword, value, files }).toEqual({ number, keyword, value: said[keyword as Keyword], files });
        if (value !== byDefault) differing++;
      }
    }
    // The comparison means something only where the configurations say something.
    expect(differing).toBeGreaterThan(cases);
  },
);

/** Groups of root on this machine, as sshd will find them. */
const groups = spawnSync('id', ['-Gn', 'root'], { encoding: 'utf8' }).stdout.trim().split(' ');
const criteria = [
  ...[
    'User root',
    'User *,!root',
    'User !root',
    'User r??t',
    'User admin,root',
    'User Root',
    'User "ro*"',
    'User r*t,!ro*',
  ],
  ...['Group root', 'Group *,!root', 'Group ?', 'Group nogroup', 'Group nogroup,root', 'Group !nogroup,ro*'],
  ...[
    'User root Group nogroup',
    'User root Address 192.0.2.0/24',
    'User root Address 10.0.0.0/8',
    'Address !10.0.0.0/8',
  ],
  ...[
    'Address *,!192.0.2.0/25',
    'Address 192.0.2.?',
    'Address 192.0.2.1',
    'Address 2001:db8::/32',
    'Host h',
    'Host !h,*',
  ],
  ...['LocalAddress 192.0.2.2', 'LocalAddress 192.0.2.1', 'LocalPort 22', 'LocalPort 2222', 'all'],
];

test.skipIf(unusable !== undefined)(
  `matches ${criteria.length} criteria with root as sshd -T does${unusable === undefined ? '' : ` (skipped: ${unusable})`}`,
  () => {
    for (const [number, criterion] of criteria.entries()) {
      const main = join(folder, `match-${number}`);
      const content = `PermitRootLogin no\nMatch ${criterion}\n  PermitRootLogin yes\n`;
      writeFileSync(main, content);
      const [instance] = sshdInstances(sshd({}, { configPath: main, runningArguments: [[binary]] }), []).instances;
      if (!instance) throw new Error('no instance');
      const config = readSshdConfig(sshd({ [main]: content }, { configPath: main }), [], instance);
      const matching = config.blocks.filter(
        (block) => blockMatch(block, { name: 'root', groups, unseen: false }, testedConnection) === 'ALWAYS',
      );
      const value = inForce(config, { blocks: new Set(matching) }, ['permitrootlogin'])?.values[0];
      expect({ criterion, value }).toEqual({ criterion, value: askServer(main, []).permitrootlogin });
    }
  },
);

const normal = (value: string): string => (value === 'without-password' ? 'prohibit-password' : value);

/** The effective values for a connection that no conditional Match block of these files matches. */
function askServer(main: string, options: readonly string[]): Record<Keyword, string> {
  const overrides = options.flatMap((option) => ['-o', option]);
  const client = 'user=root,host=h,addr=192.0.2.1,laddr=192.0.2.2,lport=22';
  const output = execFileSync(binary, ['-T', '-f', main, '-h', join(folder, 'key'), ...overrides, '-C', client], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const value = (keyword: Keyword): string => normal(new RegExp(`^${keyword} (\\S+)$`, 'm').exec(output)?.[1] ?? '');
  return {
    permitrootlogin: value('permitrootlogin'),
    passwordauthentication: value('passwordauthentication'),
    kbdinteractiveauthentication: value('kbdinteractiveauthentication'),
    usepam: value('usepam'),
  };
}

function write(number: number, random: (below: number) => number) {
  const own = join(folder, String(number));
  mkdirSync(join(own, 'drop'), { recursive: true });
  const pattern = `${own}/drop/*.conf`;
  const files: Record<string, string> = {};
  const add = (path: string, content: string): void => {
    files[path] = content;
    writeFileSync(path, content);
  };
  for (let drop = random(3); drop > 0; drop--) add(`${own}/drop/${random(90) + 10}.conf`, text(random));
  const main = join(own, 'sshd_config');
  const include = [
    '',
    `Include ${pattern}\n`,
    `include = "${pattern}"\n`,
    `Match User nobody-1\nInclude ${pattern}\nMatch all\n`,
  ][random(4)];
  const pam = ['', 'UsePAM yes\n', 'usepam=no\nUsePAM yes\n', '#UsePAM yes\n'][random(4)];
  add(main, `${pam}${text(random)}${include}${text(random)}`);
  const dropIns = readdirSync(join(own, 'drop'))
    .sort()
    .map((name) => `${own}/drop/${name}`);
  const options = random(4) === 0 ? [`PermitRootLogin${random(2) ? '=' : ' '}${random(2) ? 'yes' : 'no'}`] : [];
  return { main, files, pattern, dropIns, options };
}

/** Some lines in the ways in which people, and nobody, would write them. UsePAM stands before all Match blocks. */
function text(random: (below: number) => number): string {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const flag = () => pick(['yes', 'no', 'Yes', 'NO']);
  const line = (): string => {
    const [keyword, value] = pick<readonly [string, string]>([
      ['PermitRootLogin', pick(['yes', 'no', 'prohibit-password', 'without-password', 'forced-commands-only', 'No'])],
      ['PasswordAuthentication', flag()],
      ['KbdInteractiveAuthentication', flag()],
      ['ChallengeResponseAuthentication', flag()],
      ['X11Forwarding', pick(['yes', 'no'])],
    ]);
    const written = pick([keyword, keyword.toUpperCase(), keyword.toLowerCase(), `"${keyword}"`]);
    const between = written.startsWith('"') ? pick([' ', '\t', '  ']) : pick([' ', '=', ' = ', '\t', '  ', '= ', ' =']);
    const shown = pick([value, value, `"${value}"`, `'${value}'`]);
    return `${pick(['', ' ', '\t'])}${pick(['', '', '', '#'])}${written}${between}${shown}${pick(['', '', ' ', ' # why', '\r'])}`;
  };
  const lines: string[] = [];
  for (let count = random(5); count > 0; count--) lines.push(line());
  if (random(3) === 0)
    lines.push(
      `Match ${pick(['User nobody-2', 'Address 203.0.113.0/24', 'all', 'User nobody-3 Address *'])}`,
      line(),
      line(),
    );
  return `${lines.join('\n')}\n`;
}

function whyUnusable(): string | undefined {
  if (!existsSync(binary)) return `there is no ${binary} to compare with`;
  const key = spawnSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
  if (key.status !== 0) return 'ssh-keygen could not make a host key';
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');
  const run = spawnSync(binary, ['-T', '-f', empty, '-h', join(folder, 'key')], { encoding: 'utf8' });
  if (run.status === 0 && !/^kbdinteractiveauthentication /m.test(run.stdout)) return `${binary} is too old`;
  return run.status === 0 ? undefined : `${binary} -T does not run here: ${run.stderr.trim().slice(0, 200)}`;
}
