import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserOpener } from '../../packages/server/src/cli/open-browser.ts';

const directory = mkdtempSync(join(tmpdir(), 'assay-opener-'));
const opener = join(directory, 'xdg-open');
const person = { isTerminal: true, user: 1000 };
const desktop = { PATH: `relative:${directory}`, DISPLAY: ':0' };

beforeAll(() => {
  writeFileSync(opener, '#!/bin/sh\n');
  chmodSync(opener, 0o755);
});
afterAll(() => rmSync(directory, { recursive: true }));

test('a desktop has a browser', () => {
  expect(browserOpener(desktop, person)).toBe(opener);
  expect(browserOpener({ PATH: directory, WAYLAND_DISPLAY: 'wayland-0' }, person)).toBe(opener);
});

test.each([
  ['without a desktop', { PATH: directory }, person],
  ['on a terminal of another machine', { ...desktop, SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, person],
  ['without a person', desktop, { ...person, isTerminal: false }],
  ['of root', desktop, { ...person, user: 0 }],
  ['without xdg-open', { ...desktop, PATH: '/nonexistent' }, person],
  ['without PATH', { DISPLAY: ':0' }, person],
])('there is none %s', (_, env, whose) => {
  expect(browserOpener(env, whose)).toBeUndefined();
});
