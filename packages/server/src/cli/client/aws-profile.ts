import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../../runtime/cli-error.ts';

/** What a request is signed with, and the region that it is for. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region?: string;
}

type Profile = Readonly<Record<string, string>>;

/**
 * The credentials that AWS's own tools would take: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, unless a profile is asked
 * for, else the profile (AWS_PROFILE, or `default`) of the shared credentials and config files. Throws {@link CliError}.
 */
export function findCredentials(env: NodeJS.ProcessEnv, named: string | undefined): Credentials {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  const name = named ?? env.AWS_PROFILE ?? 'default';
  const profile = readProfile(env, name);
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? profile.region;
  const found =
    named === undefined && id && secret
      ? { id, secret, token }
      : { id: profile.aws_access_key_id, secret: profile.aws_secret_access_key, token: profile.aws_session_token };
  if (!found.id || !found.secret) {
    const asked = named ?? env.AWS_PROFILE;
    throw new CliError(
      asked === undefined
        ? 'There is no access key. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile.'
        : `The profile ${asked} has no access key in ${credentialsFile(env)}.`,
    );
  }
  return {
    accessKeyId: found.id,
    secretAccessKey: found.secret,
    ...(found.token ? { sessionToken: found.token } : {}),
    ...(region ? { region } : {}),
  };
}

const credentialsFile = (env: NodeJS.ProcessEnv): string =>
  env.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials');
const configFile = (env: NodeJS.ProcessEnv): string => env.AWS_CONFIG_FILE ?? join(homedir(), '.aws', 'config');

/** A profile of both files; what the credentials file says counts. */
function readProfile(env: NodeJS.ProcessEnv, name: string): Profile {
  const config = sectionsOf(configFile(env));
  return {
    ...(config.get(`profile ${name}`) ?? (name === 'default' ? config.get(name) : undefined)),
    ...sectionsOf(credentialsFile(env)).get(name),
  };
}

/** The sections of a file as AWS's tools write it: `[name]`, then `key = value`. A file that is not there has none. */
function sectionsOf(path: string): ReadonlyMap<string, Profile> {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> = Object.create(null);
  for (const line of textOf(path).split(/\r?\n/)) {
    const [, section] = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line) ?? [];
    const [, key, value] = /^\s*([A-Za-z0-9_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section !== undefined) {
      current = sections.get(section.replace(/\s+/g, ' ')) ?? Object.create(null);
      sections.set(section.replace(/\s+/g, ' '), current);
    } else if (key !== undefined && value !== undefined) current[key.toLowerCase()] = value;
  }
  return sections;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw new CliError(`${path} cannot be read: ${(error as Error).message}.`);
  }
}
