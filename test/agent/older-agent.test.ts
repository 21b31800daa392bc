import { join } from 'node:path';
import type { AgentOptions } from '@assay/agent/loop.ts';
import { document } from '@assay/model/evidence/document.ts';
import { type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { integer, structure } from '@assay/model/shape.ts';
import { ListFindingsCommand } from '@aws-sdk/client-inspector';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { whyNotCollected } from '../../packages/server/src/domain/not-collected.ts';
import type { RulesPackage } from '../../packages/server/src/domain/rules-package.ts';
import { checkDocument } from '../../packages/server/src/engine/agents/check-document.ts';
import { judgeHere } from '../../packages/server/src/engine/judging/judge-order.ts';
import { rulesPackages } from '../../packages/server/src/rules/index.ts';
import {
  eventually,
  exclusionsOf,
  newToken,
  runIdOf,
  scope,
  serverForTest,
  startRun,
  temporaryDirectory,
  untilEnded,
} from './agent-server.ts';
import { fixtureHost } from './fixture-host.ts';

// Threads of their own have modules of their own, and would not know of the further kind.
vi.mock(import('../../packages/server/src/runtime/threads/judge-thread.ts'), () => ({
  createJudgeThread: () => ({ judge: judgeHere, end: async () => {} }),
}));
vi.mock(import('../../packages/server/src/runtime/threads/evidence-thread.ts'), () => ({
  createEvidenceThread: () => ({ check: checkDocument, end: async () => {} }),
}));

/** Agents as they were built from earlier commits: see test/fixtures/agents/README.md. */
const olderAgents = ['6e84988'];

/** A kind of evidence that no older agent can know, and a rule that needs it, in the package that runs are over. */
const tides = 'tides' as EvidenceKind;
const shapes = evidenceKinds as unknown as Record<string, unknown>;
const packages = rulesPackages as RulesPackage[];
const at = packages.findIndex(({ name }) => name === 'Security Best Practices');
const today = packages[at] as RulesPackage;
const withTides: RulesPackage = {
  ...today,
  needs: [...today.needs, tides],
  rules: (...of) => [...today.rules(...of), { id: 'Low tide', title: 'Low tide', severity: 'Low' }],
  evaluate: (evidence, knowledge) => {
    const seen = evidence[tides];
    const reason = (seen && whyNotCollected(seen)) ?? 'nobody knows';
    const verdict = seen?.data
      ? ({ outcome: 'PASSED', ruleId: 'Low tide', observations: [] } as const)
      : ({ outcome: 'NOT_ASSESSED', ruleId: 'Low tide', reason, observations: [] } as const);
    return [...today.evaluate(evidence, knowledge), verdict];
  },
};
beforeAll(() => {
  shapes[tides] = document('tides', structure({ metres: integer() }));
  packages[at] = withTides;
});
afterAll(() => {
  delete shapes[tides];
  packages[at] = today;
});

test.each(olderAgents)('the agent of %s is judged by a server that knows a kind more', async (commit) => {
  const server = await serverForTest();
  const { runAgent } = (await import(`../fixtures/agents/agent-${commit}.mjs`)) as {
    runAgent: (options: AgentOptions) => Promise<void>;
  };
  const stopping = new AbortController();
  const log: string[] = [];
  const ended = runAgent({
    server: new URL(server.endpoint),
    token: await newToken(server),
    stateDir: join(temporaryDirectory(), 'state'),
    host: fixtureHost({
      'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
      'etc/hostname': 'older.example\n',
      'etc/ssh/sshd_config': 'PermitRootLogin yes\n',
      'usr/sbin/sshd': 'ELF OpenSSH_9.2p1 Debian-2',
      'proc/sys/kernel/randomize_va_space': '0\n',
      'proc/sys/kernel/osrelease': '6.1.0-1-amd64\n',
    }),
    tags: [],
    signal: stopping.signal,
    log: (line) => log.push(line),
  });
  onTestFinished(async () => {
    stopping.abort();
    await ended;
  });
  const { store } = server.service;
  const id = await store.scopes.idOf(scope);
  const [agent] = await eventually('the agent', async () => {
    const agents = await store.agents.listMatching(id, null, undefined, 10);
    return agents.length > 0 ? agents : undefined;
  });

  const arn = await startRun(server);
  const run = await untilEnded(server, arn);
  expect(run.state).toBe('COMPLETED_WITH_ERRORS');
  expect(log.join('\n')).not.toMatch(/refus|does not know/);

  const documents = await store.evidence.list(id, runIdOf(arn), [agent?.id ?? '']);
  expect(documents.map(({ kind }) => kind)).toContain(tides);
  const why = `this host's agent (version ${agent?.agentVersion}) does not collect tides`;
  const [{ verdicts } = { verdicts: [] }] = await store.evaluations.list(id, runIdOf(arn), agent?.id);
  const lacking = verdicts.filter((each) => each.outcome === 'NOT_ASSESSED' && each.reason.includes('tides'));
  expect(lacking).toMatchObject([{ ruleId: 'Low tide', reason: why }]);
  expect(verdicts.some(({ outcome }) => outcome === 'FINDING')).toBe(true);
  const { findingArns = [] } = await server.client().send(new ListFindingsCommand({ assessmentRunArns: [arn] }));
  expect(findingArns.length).toBeGreaterThan(0);
  const exclusions = await exclusionsOf(server, arn);
  expect(exclusions.map(({ description }) => description).join('\n')).toContain(`Low tide: ${why}.`);
});
