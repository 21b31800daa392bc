import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readItems } from '@assay/agent/collect/scap-results/read-items.ts';
import { expect, onTestFinished, test } from 'vitest';

/** A results file with one definition, one test, and one item that has these fields. */
function arf(fields: string, { negate = 'false', result = 'false', more = '' } = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-arf-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'arf.xml');
  writeFileSync(
    file,
    `<arf><oval_results><oval_definitions><tests><x:file_test xmlns:x="x" id="t" comment="about it"><x:state state_ref="s"/></x:file_test></tests>
<states><file_state id="s"><value operation="greater than">7</value></file_state></states></oval_definitions>
<results><system><definitions><definition definition_id="d"><criteria><extend_definition definition_ref="e"/></criteria></definition>
<definition definition_id="e"><criteria><criterion test_ref="t" negate="${negate}"/><extend_definition definition_ref="d"/></criteria></definition></definitions>
<tests><test test_id="t" result="${result}"><tested_item item_id="1"/></test></tests>
<oval_system_characteristics><system_data><file_item id="1">${fields}</file_item></system_data></oval_system_characteristics></system></results></oval_results>${more}</arf>`,
  );
  return file;
}

const found = async (file: string) => (await readItems(file, new Set(['d']))).get('d') ?? [];

test('tests that did not turn out as they should are told, also of definitions within definitions, once each', async () => {
  const [one, ...more] = await found(
    arf('<filepath>/etc/x</filepath><uread>true</uread><owrite>false</owrite><size>7</size>'),
  );
  expect(one).toEqual({ test: 'about it', found: 'filepath /etc/x, uread', expected: 'value (greater than) 7' });
  expect(new Set(more.map(({ test }) => test)).size).toBeLessThanOrEqual(1);
  expect(await found(arf('<a>1</a>', { result: 'true' }))).toEqual([]);
  expect(await found(arf('<a>1</a>', { result: 'true', negate: 'true' }))).not.toEqual([]);
});

test.each([
  ['a hash', '<filepath>/etc/other</filepath><text>root:$y$j9T$abc$def:1</text>'],
  ['a line of shadow', '<filepath>/etc/shadow</filepath><text>root:plain:1</text>'],
  ['a field that is one', '<password>hunter2</password>'],
  ['a password of the boot loader', '<text>password_pbkdf2 root grub.pbkdf2.sha512.10000.AB</text>'],
])('a secret never leaves the host: %s', async (_, fields) => {
  const text = JSON.stringify(await found(arf(fields)));
  expect(text).toContain('(not sent)');
  expect(text).not.toMatch(/j9T|plain|hunter2|sha512/);
});

test('texts are bounded, and what is not whole is refused', async () => {
  const [one] = await found(arf(`<text>${'x'.repeat(100_000)}</text>`));
  expect(one?.found.length).toBeLessThanOrEqual(600);
  await expect(found(arf('<a>', {}))).rejects.toThrow(/not whole/);
  await expect(found(arf('<a/>', { more: '<!DOCTYPE x>' }))).rejects.toThrow();
});
