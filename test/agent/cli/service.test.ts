import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placesIn } from '../../../packages/agent/src/cli/places.ts';
import { addService, removeService, supervisorOf } from '../../../packages/agent/src/cli/service.ts';
import { initScript, systemdUnit } from '../../../packages/agent/src/cli/service-files.ts';
import type { System } from '../../../packages/agent/src/cli/system.ts';
import { works } from '../../support/run-program.ts';
import { eventually, temporaryDirectory } from '../agent-server.ts';

const command = ['/opt/assay/assay-agent'];

describe('the unit', () => {
  test.skipIf(!works('systemd-analyze', ['--version'])).each([undefined, 'assay-agent'])(
    'is valid, and exposes less than 3.5 as user %s',
    (user) => {
      const file = join(temporaryDirectory(), 'assay-agent.service');
      writeFileSync(file, systemdUnit({ command, user }));
      const { status, stdout } = spawnSync(
        'systemd-analyze',
        ['security', '--no-pager', '--offline=true', '--threshold=35', file],
        { encoding: 'utf8' },
      );
      expect(stdout).toMatch(/Overall exposure level/);
      expect(status, stdout).toBe(0);
    },
  );

  test('limits the agent and all that it starts, and takes away nothing that it looks at', () => {
    const unit = systemdUnit({ command });
    expect(unit).toMatch(/^MemoryMax=640M$/m);
    expect(unit).toMatch(/^CPUWeight=20$/m);
    expect(unit).not.toMatch(
      /^(PrivateTmp|PrivateDevices|PrivateNetwork|PrivateUsers|ProtectProc|ProtectKernelModules)=/m,
    );
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
  });

  test('has no token, in its arguments or its environment', () => {
    expect(systemdUnit({ command })).not.toMatch(/token|Environment/i);
  });
});

test.each([
  [undefined, undefined],
  ['assay-agent', undefined],
  [undefined, 900],
  ['assay-agent', 900],
])('the init script is one, as user %s, coming every %s seconds', (user, visitEverySeconds) => {
  const script = initScript({ command, user, visitEverySeconds });
  expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0);
  expect(spawnSync('sh', ['-s', '--', 'nonsense'], { input: script }).status).toBe(2);
});

describe('a host', () => {
  const recorder = (present: readonly string[]) => {
    const ran: string[] = [];
    const system: System = {
      run: (name, args) => {
        ran.push([name, ...args].join(' '));
        return present.includes(name) ? 0 : undefined;
      },
      ask: () => undefined,
    };
    return { system, ran };
  };
  const filesBelow = (root: string) =>
    readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  test('with systemd gets a unit that starts with it, and nothing of it stays', () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'usr/lib/systemd'), { recursive: true });
    writeFileSync(join(root, 'usr/lib/systemd/systemd'), '');
    const places = placesIn(root);
    const { system, ran } = recorder(['systemctl']);
    expect(supervisorOf(root)).toBe('systemd');
    addService(places, 'systemd', { command }, system);
    expect(ran).toContain('systemctl --quiet enable assay-agent');
    expect(statSync(places.unit).mode & 0o777).toBe(0o644);
    removeService(places, system);
    expect(ran).toContain('systemctl --quiet disable assay-agent');
    expect(filesBelow(root).map(({ name }) => name)).toEqual(['systemd']);
  });

  test.each([['update-rc.d'], ['chkconfig'], []])('without systemd gets an init script (%s)', (...tools) => {
    const root = temporaryDirectory();
    const places = placesIn(root);
    const { system, ran } = recorder(['sh', ...tools]);
    expect(supervisorOf(root)).toBe('init script');
    addService(places, 'init script', { command }, system);
    expect(existsSync(places.initScript)).toBe(true);
    for (const tool of tools) expect(ran.join('\n')).toContain(`${tool} `);
    removeService(places, system);
    expect(ran).toContain(`sh ${places.initScript} stop`);
    expect(filesBelow(root)).toEqual([]);
  });

  test('whose package brought a unit keeps it', () => {
    const root = temporaryDirectory();
    const places = placesIn(root);
    mkdirSync(join(root, 'usr/lib/systemd/system'), { recursive: true });
    writeFileSync(places.packagedUnit, 'the unit of the package');
    const { system } = recorder(['systemctl']);
    addService(places, 'systemd', { command }, system);
    expect(existsSync(places.unit)).toBe(false);
    removeService(places, system);
    expect(existsSync(places.packagedUnit)).toBe(true);
  });
});

test('an agent that comes and goes is started again by its unit, or by what is added to that of its package', () => {
  expect(systemdUnit({ command, visitEverySeconds: 900 })).toMatch(/^Restart=always\nRestartSec=900$/m);
  const root = temporaryDirectory();
  const places = placesIn(root);
  mkdirSync(join(root, 'usr/lib/systemd/system'), { recursive: true });
  writeFileSync(places.packagedUnit, 'the unit of the package');
  const system: System = { run: () => 0, ask: () => undefined };
  addService(places, 'systemd', { command, visitEverySeconds: 900 }, system);
  expect(readFileSync(join(places.dropIns, 'visits.conf'), 'utf8')).toBe('[Service]\nRestartSec=900\n');
  addService(places, 'systemd', { command }, system);
  expect(existsSync(places.dropIns)).toBe(false);
});

test('without systemd it is started again by the init script, which ends all of it', async () => {
  const directory = temporaryDirectory();
  const program = join(directory, 'agent');
  const log = join(directory, 'log');
  writeFileSync(program, '#!/bin/sh\necho "$@" $$\nif [ -e "$0.long" ]; then exec sleep 60; fi\n', { mode: 0o755 });
  const file = join(directory, 'init');
  writeFileSync(
    file,
    initScript({ command: [program], visitEverySeconds: 60 })
      .replace('/run/assay-agent.pid', join(directory, 'pid'))
      .replace('/var/log/assay-agent.log', log)
      .replace('sleep 60', 'sleep 0.05'),
  );
  const run = (action: string) => spawnSync('sh', [file, action], { encoding: 'utf8' });
  expect(run('start').status).toBe(0);
  const visits = () => readFileSync(log, 'utf8').trim().split('\n');
  await eventually('three visits', () => visits().length >= 3 || undefined);
  writeFileSync(`${program}.long`, '');
  const counted = visits().length;
  await eventually('a long visit', () => visits().length > counted || undefined);
  const pid = Number(visits().at(-1)?.split(' ')[1]);
  expect(run('stop').status).toBe(0);
  expect(run('status').status).toBe(3);
  expect(() => process.kill(pid, 0)).toThrow();
});

test('the init script starts and stops what it is for', async () => {
  const directory = temporaryDirectory();
  const program = join(directory, 'agent');
  writeFileSync(program, '#!/bin/sh\necho "$@"\nexec sleep 60\n', { mode: 0o755 });
  const script = initScript({ command: [program] })
    .replace('/run/assay-agent.pid', join(directory, 'pid'))
    .replace('/var/log/assay-agent.log', join(directory, 'log'));
  const file = join(directory, 'init');
  writeFileSync(file, script);
  const run = (action: string) => spawnSync('sh', [file, action], { encoding: 'utf8' });
  expect(run('status').status).toBe(3);
  expect(run('start').status).toBe(0);
  const status = run('status');
  expect(status.stdout).toMatch(/runs as process \d+/);
  const pid = Number(/\d+/.exec(status.stdout)?.[0]);
  expect(run('start').status).toBe(0);
  expect(run('status').stdout).toBe(status.stdout);
  const log = join(directory, 'log');
  await eventually('its first line', () => readFileSync(log, 'utf8') === 'run\n' || undefined);
  expect(run('stop').status).toBe(0);
  expect(() => process.kill(pid, 0)).toThrow();
  expect(statSync(log).mode & 0o077).toBe(0);
});
