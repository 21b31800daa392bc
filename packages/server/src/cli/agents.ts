import type { Scope } from '@assay/model/arn.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import { Command, Option } from 'commander';
import type { Agent } from '../domain/agent.ts';
import { agentHealth } from '../engine/runs/agent-health.ts';
import { issueEnrollmentTokens } from '../runtime/issue-enrollment-tokens.ts';
import type { Store } from '../store/store.ts';
import { duration } from './options/duration.ts';
import { wholeNumber } from './options/whole-number.ts';
import { type ScopeOptions, withScope, withStore } from './runs/scoped-store.ts';
import { nextSteps } from './terminal/next-step.ts';
import { lineWidth, renderTable } from './terminal/table.ts';
import { ago } from './terminal/times.ts';

interface TokenOptions extends ScopeOptions {
  readonly ttl: number;
  readonly count: number;
  readonly json?: boolean;
}

/** The agents of a server, by its data directory: whether the server runs meanwhile makes no difference. */
export const agentsCommand = (): Command =>
  new Command('agents')
    .description('Enrol agents and list them')
    .addCommand(
      withScope(new Command('token'))
        .description('Create a token for one agent, and show it, once')
        .addOption(
          new Option('--ttl <duration>', 'how long it is valid: 90s, 30m, 1h, 7d')
            .argParser(duration)
            .default(3_600_000, '1h'),
        )
        .option('--count <number>', 'how many tokens to create, one a line', wholeNumber(1, 10_000), 1)
        .option('--json', 'print JSON')
        .action(async ({ ttl, count, json, ...options }: TokenOptions) => {
          const tokens = await withStore(options, (store, scope) => issueEnrollmentTokens(store, scope, ttl, count));
          process.stdout.write(json ? `${JSON.stringify(tokens)}\n` : `${tokens.join('\n')}\n`);
        }),
    )
    .addCommand(
      withScope(new Command('list'))
        .description('List the agents of an account in a region, newest enrolment first')
        .option('--json', 'print JSON')
        .action(async ({ json, ...options }: ScopeOptions & { readonly json?: boolean }) => {
          const agents = await withStore(options, allAgents);
          const now = Date.now();
          const text = json
            ? `${JSON.stringify(
                agents.map((agent) => describe(agent, now)),
                undefined,
                2,
              )}\n`
            : table(agents, now);
          process.stdout.write(text);
        }),
    );

async function allAgents(store: Store, scope: Scope): Promise<Agent[]> {
  const id = await store.scopes.find(scope);
  const agents: Agent[] = [];
  for (;;) {
    const last = agents.at(-1);
    const page = await store.agents.listMatching(id, null, last && { at: last.enrolledAt, id: last.id }, 500);
    if (page.length === 0) return agents;
    agents.push(...page);
  }
}

/** An agent as `agents list --json` prints it. */
const describe = (agent: Agent, now: number) => {
  const { health, code, detail } = agentHealth(agent, now);
  return {
    agentId: agent.id,
    hostname: agent.hostname,
    operatingSystem: agent.operatingSystem,
    ...(agent.kernelVersion === null ? {} : { kernelVersion: agent.kernelVersion }),
    ...(agent.ipv4Address === null ? {} : { ipv4Address: agent.ipv4Address }),
    agentVersion: agent.agentVersion,
    privileged: agent.privileged,
    health,
    healthCode: code,
    healthDetails: detail,
    enrolledAt: new Date(agent.enrolledAt).toISOString(),
    lastHeardAt: new Date(agent.seenAt).toISOString(),
    tags: agent.tags,
  };
};

function table(agents: readonly Agent[], now: number): string {
  if (agents.length === 0) return nextSteps('No agent is enrolled here. Make a token for one: assay tokens create\n');
  const rows = agents.map((agent) => {
    const { health, code } = agentHealth(agent, now);
    const tags = agent.tags.map(({ key, value }) => `${key}=${value}`).join(', ');
    const host = `${oneLine(agent.hostname)}\n${oneLine(agent.operatingSystem)}`;
    const state = health === code ? health : `${health}\n${code}`;
    return [agent.id, host, state, ago(now - agent.seenAt), oneLine(tags)];
  });
  const widths = [19, 15, 9, 7];
  const titles = ['Id', 'Host and OS', 'Health', 'Heard', 'Tags'];
  const columns = titles.map((title, index) => ({ title, ...(widths[index] ? { width: widths[index] } : {}) }));
  return renderTable(columns, rows, lineWidth(process.stdout));
}
