import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { locate } from '@assay/agent/host/locate.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../support/effort.ts';
import { fixtureHost } from '../fixture-host.ts';

test('resolves links as the host itself would', async () => {
  const host = fixtureHost({
    'usr/bin/sh': '',
    bin: { link: 'usr/bin' },
    'etc/absolute': { link: '/bin/sh' },
    'etc/up': { link: '../../../../../../usr/bin/sh' },
    'etc/dangling': { link: '/nowhere' },
    'etc/loop': { link: 'loop' },
    'etc/through-a-file': { link: '/usr/bin/sh/x' },
  });
  const path = async (asked: string) => {
    const found = await locate(host, asked);
    return found.ok ? found.value.path : found.code;
  };
  expect(await path('/bin/sh')).toBe('/usr/bin/sh');
  expect(await path('/etc/absolute')).toBe('/usr/bin/sh');
  expect(await path('/etc/up')).toBe('/usr/bin/sh');
  expect(await path('/etc/../bin/./sh')).toBe('/usr/bin/sh');
  expect(await path('/../..')).toBe('/');
  expect(await path('/etc/dangling')).toBe('NOT_PRESENT');
  expect(await path('/etc/loop')).toBe('UNREADABLE');
  expect(await path('/etc/through-a-file')).toBe('NOT_PRESENT');
});

test('no arrangement of links leads out of the root', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.oneof(name, fc.constant('..'), fc.constant('.'));
  const target = fc
    .tuple(
      fc.constantFrom('', '/', '/tmp/', '/proc/self/root/', '/proc/self/cwd/'),
      fc.array(step, { minLength: 1, maxLength: 5 }),
    )
    .map(([start, steps]) => start + steps.join('/'));
  const entries = fc.uniqueArray(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), target), {
    maxLength: 8,
    selector: ([parts]) => parts.join('/'),
  });
  const host = fixtureHost({});
  await fc.assert(
    fc.asyncProperty(entries, fc.array(step, { minLength: 1, maxLength: 6 }), async (links, asked) => {
      const inner = join(host.root, 'root');
      rmSync(inner, { recursive: true, force: true });
      mkdirSync(inner);
      for (const [parts, to] of links) {
        try {
          // Only below real directories: a link made through a link would itself be made outside.
          const parent = join(inner, ...parts.slice(0, -1));
          mkdirSync(parent, { recursive: true });
          if (realpathSync(parent) === parent) symlinkSync(to, join(inner, ...parts));
        } catch {
          // A name that is taken: the arrangement has one link less.
        }
      }
      const found = await locate({ ...host, root: inner }, `/${asked.join('/')}`);
      if (!found.ok) return;
      const real = realpathSync(found.value.onDisk);
      expect(real === inner || dirname(real).startsWith(inner)).toBe(true);
      expect(real).toBe(found.value.onDisk);
    }),
    { numRuns: propertyRuns(200) },
  );
});
