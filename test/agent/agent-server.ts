import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '@assay/agent/host.ts';
import { type AgentOptions, runAgent } from '@assay/agent/loop.ts';
import { signedText } from '@assay/model/agent-protocol.ts';
import {
  type AssessmentRun,
  CreateAssessmentTargetCommand,
  CreateAssessmentTemplateCommand,
  DescribeAssessmentRunsCommand,
  DescribeExclusionsCommand,
  DescribeRulesPackagesCommand,
  type Exclusion,
  ListExclusionsCommand,
  ListRulesPackagesCommand,
  StartAssessmentRunCommand,
} from '@aws-sdk/client-inspector';
import { onTestFinished } from 'vitest';
import { issueEnrollmentTokens } from '../../packages/server/src/runtime/issue-enrollment-tokens.ts';
import { startTestServer, type TestServer, testAccount } from '../support/test-server.ts';

export const scope = { account: testAccount, region: 'us-east-1' } as const;

/** A server for one test. */
export async function serverForTest(options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  onTestFinished(() => server.stop());
  return server;
}

export async function newToken(server: TestServer, ttl = 60_000): Promise<string> {
  const [token = ''] = await issueEnrollmentTokens(server.service.store, scope, ttl, 1);
  return token;
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-agent-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface RunningAgent {
  readonly log: string[];
  /** Resolves or rejects as runAgent does. */
  readonly ended: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The agent itself, over its own HTTP. It is stopped when the test ends. */
export function startAgent(
  options: Partial<AgentOptions> & Pick<AgentOptions, 'stateDir' | 'server'> & { readonly host: Host },
): RunningAgent {
  const stopping = new AbortController();
  const log: string[] = [];
  const ended = runAgent({ tags: [], signal: stopping.signal, log: (line) => log.push(line), ...options });
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended.catch(() => undefined);
  };
  onTestFinished(stop);
  return { log, ended, stop };
}

/** What `look` gives once it gives something; the limit is for hangs. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patience = 60_000,
): Promise<T> {
  for (const begin = Date.now(); Date.now() - begin < patience; await delay(20)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** A run over every host of the account with one rules package. */
export async function startRun(
  server: TestServer,
  { rules = 'Security Best Practices', userAttributes = [] as { key: string; value: string }[] } = {},
): Promise<string> {
  const client = server.client();
  const { rulesPackageArns } = await client.send(new ListRulesPackagesCommand({ maxResults: 100 }));
  const { rulesPackages = [] } = await client.send(new DescribeRulesPackagesCommand({ rulesPackageArns }));
  const chosen = rulesPackages.find(({ name }) => name === rules);
  const name = `test ${Math.random()}`;
  const target = await client.send(new CreateAssessmentTargetCommand({ assessmentTargetName: name }));
  const template = await client.send(
    new CreateAssessmentTemplateCommand({
      assessmentTargetArn: target.assessmentTargetArn,
      assessmentTemplateName: name,
      durationInSeconds: 900,
      rulesPackageArns: [chosen?.arn ?? ''],
      userAttributesForFindings: userAttributes,
    }),
  );
  const run = await client.send(
    new StartAssessmentRunCommand({ assessmentTemplateArn: template.assessmentTemplateArn }),
  );
  return run.assessmentRunArn ?? '';
}

export const runIdOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

async function describeRun(server: TestServer, arn: string): Promise<AssessmentRun> {
  const { assessmentRuns = [] } = await server
    .client()
    .send(new DescribeAssessmentRunsCommand({ assessmentRunArns: [arn] }));
  const [run] = assessmentRuns;
  if (!run) throw new Error(`There is no run ${arn}`);
  return run;
}

export const untilState = (server: TestServer, arn: string, ...states: string[]): Promise<AssessmentRun> =>
  eventually(states.join(' or '), async () => {
    const run = await describeRun(server, arn);
    return states.includes(run.state ?? '') ? run : undefined;
  });

export const untilEnded = (server: TestServer, arn: string): Promise<AssessmentRun> =>
  untilState(server, arn, 'COMPLETED', 'COMPLETED_WITH_ERRORS', 'FAILED', 'ERROR', 'CANCELED');

export async function exclusionsOf(server: TestServer, assessmentRunArn: string): Promise<Exclusion[]> {
  const client = server.client();
  const { exclusionArns = [] } = await client.send(new ListExclusionsCommand({ assessmentRunArn, maxResults: 100 }));
  if (exclusionArns.length === 0) return [];
  const { exclusions = {} } = await client.send(new DescribeExclusionsCommand({ exclusionArns }));
  return Object.values(exclusions);
}

export const description = {
  hostname: 'raw.example',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  agentVersion: '0.1.0',
  privileged: true,
  tags: [],
};

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

/** Requests as the protocol has them, for tests that then spoil one. */
export interface RawAgent {
  readonly id: string;
  readonly key: KeyObject;
  /** `change` replaces what is signed, by whom and when, after the fact. */
  readonly send: (
    method: 'POST' | 'PUT',
    path: string,
    body: Uint8Array | string,
    change?: {
      key?: KeyObject;
      signedPath?: string;
      date?: string;
      headers?: Record<string, string>;
      /** Of another server. */
      endpoint?: string;
    },
  ) => Promise<Answer>;
}

export async function ask(
  server: Pick<TestServer, 'endpoint'>,
  method: string,
  path: string,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(server.endpoint + path, {
    method,
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const text = await response.text();
  const code = text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined;
  return { status: response.status, code, text };
}

export function enrollment(token: string): { key: KeyObject; body: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  return { key: privateKey, body: JSON.stringify({ token, publicKey: spki, host: description }) };
}

export async function enrollRaw(server: TestServer): Promise<RawAgent> {
  const { key, body } = enrollment(await newToken(server));
  const { text } = await ask(server, 'POST', '/agent/v1/enroll', body);
  const { agentId: id } = JSON.parse(text) as { agentId: string };
  const send: RawAgent['send'] = (method, path, content, change = {}) => {
    const date = change.date ?? String(Math.floor(Date.now() / 1000));
    const digest = createHash('sha256').update(content).digest('hex');
    const signature = sign(
      null,
      Buffer.from(signedText(method, change.signedPath ?? path, date, digest)),
      change.key ?? key,
    );
    return ask({ endpoint: change.endpoint ?? server.endpoint }, method, path, content, {
      authorization: `Assay-Agent ${id}:${signature.toString('base64')}`,
      'x-assay-date': date,
      ...change.headers,
    });
  };
  return { id, key, send };
}
