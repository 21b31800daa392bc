import { parseArgs } from 'node:util';
import { agentProtocol, type HostDescription } from '@assay/model/agent-protocol.ts';
import { AgentStopped } from '../agent-stopped.ts';
import { addTag } from './tags.ts';

/** What may follow a command of the agent's. Commands refuse what is not theirs. */
export interface Arguments {
  readonly server?: URL | undefined;
  readonly tokenFile?: string | undefined;
  readonly tags: HostDescription['tags'];
  readonly ca?: string | undefined;
  readonly insecureHttp?: boolean | undefined;
  readonly stateDir?: string | undefined;
  readonly once?: boolean | undefined;
  readonly user?: string | undefined;
  readonly noStart?: boolean | undefined;
  /** Seconds between visits; `off` for an agent that stays. */
  readonly interval?: number | 'off' | undefined;
}

const options = {
  server: { type: 'string' },
  'token-file': { type: 'string' },
  tag: { type: 'string', multiple: true },
  ca: { type: 'string' },
  'insecure-http': { type: 'boolean' },
  'state-dir': { type: 'string' },
  once: { type: 'boolean' },
  user: { type: 'string' },
  'no-start': { type: 'boolean' },
  interval: { type: 'string' },
} as const;
export type OptionName = keyof typeof options;

/** Reads the arguments of a command that takes these options alone. Throws {@link AgentStopped} for any others. */
export function readArguments(args: readonly string[], allowed: readonly OptionName[]): Arguments {
  const known = Object.fromEntries(allowed.map((name) => [name, options[name]]));
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: known as typeof options,
      strict: true,
      allowPositionals: false,
    }));
  } catch (error) {
    const [first = ''] = (error as Error).message.split('. ');
    throw new AgentStopped(`${first}. Run assay-agent help to see what there is.`);
  }
  const { server, user } = values;
  const url = server === undefined ? undefined : URL.parse(server);
  if (url === null) throw new AgentStopped('--server must be a URL such as https://assay.example.com:8020.');
  if (user !== undefined && !/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) {
    throw new AgentStopped('--user must be the name of a user, such as assay-agent.');
  }
  return {
    server: url,
    tokenFile: values['token-file'],
    tags: (values.tag ?? []).reduce<HostDescription['tags']>((tags, text) => addTag(text, tags), []),
    ca: values.ca,
    insecureHttp: values['insecure-http'],
    stateDir: values['state-dir'],
    once: values.once,
    user,
    noStart: values['no-start'],
    interval: values.interval === undefined ? undefined : readInterval(values.interval),
  };
}

function readInterval(text: string): number | 'off' {
  if (text === 'off') return text;
  const [, count = '', unit = ''] = /^([1-9][0-9]{0,5})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * ({ s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? 0);
  if (!(seconds >= 60 && seconds <= agentProtocol.maxVisitEverySeconds)) {
    throw new AgentStopped('--interval must be a time from 60s to 1d, such as 15m, or off for an agent that stays.');
  }
  return seconds;
}
