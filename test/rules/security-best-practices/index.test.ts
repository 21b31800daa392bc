import { check } from '@assay/model/check.ts';
import { evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { describe, expect, test } from 'vitest';
import { rulesPackages } from '../../../packages/server/src/rules/index.ts';
import { securityBestPractices } from '../../../packages/server/src/rules/security-best-practices/index.ts';
import { broken, findings, fixed, insecure, rule } from './hosts.ts';

describe('Security Best Practices', () => {
  test('is in the list of packages and has the nine rules', () => {
    expect(rulesPackages).toContain(securityBestPractices);
    expect(securityBestPractices.rules().map(({ id }) => id)).toEqual(Object.values(rule));
    expect(securityBestPractices.rules().map(({ severity }) => severity)).toEqual([...Array(8).fill('Medium'), 'High']);
    expect(securityBestPractices.rules().every(({ id }) => id.length <= 128)).toBe(true);
  });

  test('the fixtures are evidence as an agent may report it', () => {
    for (const evidence of [insecure, fixed, broken]) {
      for (const [kind, document] of Object.entries(evidence)) {
        expect(check(evidenceKinds[kind as keyof typeof evidenceKinds], document)).toEqual([]);
      }
    }
  });

  test('a fresh Debian 12 server has exactly five findings', () => {
    expect(findings(insecure)).toEqual([rule.root, rule.password, rule.age, rule.length, rule.complexity]);
  });

  test('set right, it has none, and every rule has looked', () => {
    expect(securityBestPractices.evaluate(fixed).map(({ outcome }) => outcome)).toEqual(Array(9).fill('PASSED'));
  });

  test('chmod 777 on one directory is one finding of severity High', () => {
    const found = securityBestPractices.evaluate(broken).flatMap((each) => (each.outcome === 'FINDING' ? [each] : []));
    expect(found.map(({ ruleId, finding }) => [ruleId, finding.severity])).toEqual([[rule.directories, 'High']]);
    expect(found[0]?.finding.description).toContain('/usr/local/bin');
    expect(found[0]?.finding.recommendation).toContain('chmod o-w /usr/local/bin');
  });

  test('a finding says where and what', () => {
    const [root] = securityBestPractices.evaluate(insecure);
    expect(root).toMatchObject({
      outcome: 'FINDING',
      observations: [{ source: '/etc/ssh/sshd_config', expected: 'PermitRootLogin no' }],
    });
    expect(JSON.stringify(root)).toContain('PermitRootLogin prohibit-password (the default: it is not set)');
  });

  test('without any evidence nothing is judged, and every rule says so', () => {
    const verdicts = securityBestPractices.evaluate({});
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(Array(9).fill('NOT_ASSESSED'));
    expect(verdicts.every((each) => each.outcome === 'NOT_ASSESSED' && each.reason.length > 20)).toBe(true);
  });

  test.each([
    ['debian', []],
    ['ubuntu', ['debian']],
    ['rhel', ['fedora']],
    ['centos', ['rhel', 'fedora']],
    ['rocky', []],
    ['almalinux', []],
    ['ol', ['fedora']],
    ['fedora', []],
    ['amzn', ['fedora']],
    ['sles', ['suse']],
    ['opensuse-leap', ['suse', 'opensuse']],
    ['alpine', []],
    ['arch', []],
    ['manjaro', ['arch']],
    ['linuxmint', ['ubuntu', 'debian']],
  ])('supports %s', (id, idLike) => {
    expect(securityBestPractices.supports({ id, idLike, hostname: 'h', architecture: 'x86_64' })).toEqual({
      supported: true,
    });
  });

  test.each([
    ['freebsd', []],
    ['constructor', []],
    ['nixos', ['archaic']],
  ])('does not support %s, and says why', (id, idLike) => {
    const support = securityBestPractices.supports({ id, idLike, hostname: 'h', architecture: 'x86_64' });
    expect(support).toMatchObject({ supported: false, reason: expect.stringContaining(id) });
  });
});
