import { type EvidenceKind, evidenceKinds, type HostEvidence } from '@assay/model/evidence/kinds.ts';
import type { Shape } from '@assay/model/shape.ts';
import { elementOf, membersOf } from '@assay/model/shape.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { securityBestPractices } from '../../../packages/server/src/rules/security-best-practices/index.ts';
import { propertyRuns } from '../../support/effort.ts';
import { host, kernel, rule, sshd, texts } from './hosts.ts';

/** Text as such files have it, and text as they do not. */
const words = [
  ...[
    'PermitRootLogin',
    'yes',
    'no',
    'Match',
    'all',
    'User',
    'Include',
    '/etc/ssh/sshd_config',
    'Protocol',
    '2,1',
    '=',
    '"',
  ],
  ...[
    'password',
    'requisite',
    'substack',
    '@include',
    '[',
    'success=1',
    'default=ignore',
    ']',
    'pam_pwquality.so',
    'passwd',
  ],
  ...[
    'minlen=14',
    'remember',
    'PASS_MAX_DAYS',
    '99999',
    '#',
    '\\',
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    '\ud800',
    'constructor',
    '__proto__',
  ],
];
const configuration = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...words) }, fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 80,
  })
  .map((parts) => parts.join(parts.length % 2 ? ' ' : ''));
const paths = [
  ...['/etc/ssh/sshd_config', '/etc/ssh/a', '/etc/login.defs', '/etc/pam.d/passwd', '/etc/pam.d/system-auth'],
  ...['/usr/lib/pam.d/passwd', '/etc/security/pwquality.conf', '/etc/passwdqc.conf', '/etc/pam.d', '/'],
];

/** Any value of a shape, small. */
function anyOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'string': {
      const minLength = shape.min ?? 0;
      const text = fc.oneof(fc.constantFrom(...paths), configuration, fc.string());
      return text.map((value) => (value.length < minLength ? 'x' : value));
    }
    case 'enum':
      return fc.constantFrom(...shape.values);
    case 'integer':
    case 'long':
      return fc.integer({ min: shape.min ?? -2, max: Math.min(shape.max ?? 100_000, 100_000) });
    case 'double':
    case 'timestamp':
      return fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'list':
      return fc.array(anyOf(elementOf(shape)), { maxLength: 4 });
    case 'map':
      return fc.dictionary(fc.string(), anyOf(elementOf(shape)), { maxKeys: 3 });
    case 'structure': {
      const members = Object.entries(membersOf(shape)).map(([name, member]) => {
        const value = anyOf(member);
        return [name, shape.required.includes(name) ? value : fc.option(value, { nil: undefined })];
      });
      return fc.record(Object.fromEntries(members));
    }
  }
}

const anyEvidence = fc.record(
  Object.fromEntries(Object.entries(evidenceKinds).map(([kind, shape]) => [kind, anyOf(shape)])) as Record<
    EvidenceKind,
    fc.Arbitrary<unknown>
  >,
  { requiredKeys: [] },
) as fc.Arbitrary<HostEvidence>;

/** One verdict a rule, in order, with texts that fit on the wire. */
function expectSound(evidence: HostEvidence): void {
  const verdicts = securityBestPractices.evaluate(evidence);
  expect(verdicts.map(({ ruleId }) => ruleId)).toEqual(Object.values(rule));
  for (const verdict of verdicts) {
    const texts =
      verdict.outcome === 'FINDING'
        ? [verdict.finding.title, verdict.finding.description, verdict.finding.recommendation]
        : 'reason' in verdict
          ? [verdict.reason]
          : [];
    if (verdict.outcome !== 'PASSED') expect(texts.every((text) => text.trim() !== '')).toBe(true);
    for (const text of [...texts, ...verdict.observations.flatMap(({ source, observed }) => [source, observed])]) {
      expect(text.length).toBeLessThanOrEqual(20_000);
      expect(text).not.toMatch(/\p{Cc}/u);
      expect(text.isWellFormed()).toBe(true);
    }
  }
}

describe('whatever a host reports', () => {
  test('every rule has its verdict', () => {
    fc.assert(fc.property(anyEvidence, expectSound), { numRuns: propertyRuns(300) });
  });

  test('random configuration files do not break a rule', () => {
    const property = fc.property(
      fc.array(configuration, { minLength: paths.length, maxLength: paths.length }),
      fc.array(fc.record({ pattern: fc.constantFrom(...paths, ...words).filter(Boolean), files: fc.subarray(paths) }), {
        maxLength: 5,
      }),
      fc.array(
        fc.array(fc.constantFrom('sshd', 'sshd: sshd', '-f', '-o', '-Do', '-', '--', ...words), { maxLength: 6 }),
        { maxLength: 2 },
      ),
      (contents, includes, runningArguments) => {
        const files = Object.fromEntries(paths.map((path, index) => [path, contents[index] ?? '']));
        const passwordPolicy = { files: texts(files) };
        expectSound(host({ sshd: sshd(files, { includes, runningArguments }), passwordPolicy, kernel }));
      },
    );
    fc.assert(property, { numRuns: propertyRuns(500) });
  });

  test.each([
    ['blanks', ' '.repeat(262_143)],
    ['quotes', '"'.repeat(262_143)],
    ['brackets', '['.repeat(262_143)],
    ['backslashes', '\\\n'.repeat(131_000)],
    ['empty lines', '\n'.repeat(262_143)],
    ['blanks before a word', `PermitRootLogin${' '.repeat(262_000)}x`],
    ['Match blocks', 'Match User a\nPermitRootLogin no\n'.repeat(8000)],
    ['Includes', 'Include /etc/ssh/sshd_config\n@include passwd\n'.repeat(5000)],
    ['modules', 'password optional pam_pwquality.so\n'.repeat(7000)],
  ])('the longest files of %s are judged', (_, content) => {
    const files = texts(Object.fromEntries(paths.map((path) => [path, content])));
    const includes = [{ pattern: '/etc/ssh/sshd_config', files: ['/etc/ssh/sshd_config'] }];
    expectSound(host({ sshd: { ...sshd({}), files, includes }, passwordPolicy: { files } }));
  });
});
