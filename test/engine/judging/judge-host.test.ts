import type { HostEvidence } from '@assay/model/evidence/kinds.ts';
import { expect, test } from 'vitest';
import type { Agent } from '../../../packages/server/src/domain/agent.ts';
import type { RulesPackage, Verdict } from '../../../packages/server/src/domain/rules-package.ts';
import { judgeHost } from '../../../packages/server/src/engine/judging/judge-host.ts';
import type { CatalogEntry } from '../../../packages/server/src/engine/judging/rules-package-catalog.ts';
import { host } from '../../rules/security-best-practices/hosts.ts';

const agent: Agent = {
  id: 'i-0123456789abcdef0',
  publicKey: new Uint8Array(),
  hostname: 'web-1',
  operatingSystem: 'Debian',
  kernelVersion: null,
  agentVersion: '0.1.0',
  ipv4Address: '10.0.0.7',
  privileged: true,
  tags: [],
  status: 'IDLE',
  enrolledAt: 0,
  seenAt: 0,
};
const debian = host({ osRelease: { id: 'debian', idLike: [], hostname: 'web-1', architecture: 'x86_64' } });
const rules = ['one', 'two'].map((id) => ({ id, title: id, severity: 'High' as const }));

function entry(evaluate: RulesPackage['evaluate']): CatalogEntry {
  const name = 'Security Best Practices';
  const about = { name, shortName: 'best-practices', version: '1', provider: 'us', description: '' } as const;
  const implementation: RulesPackage = {
    ...about,
    rules: () => rules,
    needs: [],
    knowledge: [],
    confidence: 10,
    indicatorOfCompromise: false,
    supports: () => ({ supported: true }),
    evaluate,
  };
  return { ...about, arn: 'arn:aws:inspector:eu-west-1:1:rulespackage/0-00000000', implementation };
}

const passed = (ruleId: string): Verdict => ({ ruleId, outcome: 'PASSED', observations: [] });
const found: Verdict = {
  ruleId: 'two',
  outcome: 'FINDING',
  observations: [],
  finding: { title: 't', description: 'd', recommendation: 'r', severity: 'High', attributes: [] },
};
const judge = (evaluate: RulesPackage['evaluate'], evidence: HostEvidence = debian) =>
  judgeHost(entry(evaluate), agent, evidence, { at: 0 });

test('a finding names its host, and has a network interface even where none was reported', () => {
  const { findings, exclusions } = judge(() => [passed('one'), found]);
  expect(exclusions).toEqual([]);
  expect(findings).toMatchObject([
    {
      rule: 'two',
      severity: 'High',
      numericSeverity: 9,
      document: {
        attributes: [{ key: 'INSTANCE_ID', value: agent.id }],
        assetAttributes: { agentId: agent.id, hostname: 'web-1', ipv4Addresses: ['10.0.0.7'] },
      },
    },
  ]);
  expect(findings[0]?.document.assetAttributes.networkInterfaces).toHaveLength(1);
});

test('a rule without a verdict was not assessed: its silence is no pass', () => {
  const { verdicts, exclusions } = judge(() => [passed('one')]);
  expect(verdicts.map(({ ruleId, outcome }) => [ruleId, outcome])).toEqual([
    ['one', 'PASSED'],
    ['two', 'NOT_ASSESSED'],
  ]);
  expect(exclusions[0]?.document.description).toContain('two: the rules package gave no verdict');
});

test('a rules package that breaks on a host passes none of its rules and says why', () => {
  const { verdicts, findings, exclusions } = judge(() => {
    throw new Error('unexpected tab');
  });
  expect(verdicts.map(({ outcome }) => outcome)).toEqual(['NOT_ASSESSED', 'NOT_ASSESSED']);
  expect(findings).toEqual([]);
  expect(exclusions[0]?.document.title).toBe('Rules evaluation error for single instance');
  expect(exclusions[0]?.document.description).toContain('the rules package failed (unexpected tab)');
});

test('without an operating system nothing is judged', () => {
  const { verdicts, exclusions } = judge(() => [passed('one'), passed('two')], {});
  expect(verdicts.every(({ outcome }) => outcome === 'NOT_ASSESSED')).toBe(true);
  expect(exclusions).toHaveLength(1);
});
