import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '@assay/model/check.ts';
import { parse } from '@assay/model/parse.ts';
import { integer, type Static, string, structure } from '@assay/model/shape.ts';
import { AgentStopped } from './agent-stopped.ts';
import { makeDirectory } from './make-directory.ts';

/** Who an agent is to its server. */
export interface Identity {
  readonly agentId: string;
  /** Ed25519. */
  readonly privateKey: KeyObject;
}

/** What an agent remembers between starts, in a file that only its owner can read. */
export interface Identities {
  readonly file: string;
  /** Who it is since it enrolled last. */
  readonly enrolled: () => Identity | undefined;
  /** The key to enrol with; on disk before it is given, so that an agent killed meanwhile asks again with the same. */
  readonly keyToEnroll: () => KeyObject;
  /** The key to enrol with has become an agent. */
  readonly keep: (agentId: string) => Identity;
}

/** Keys are PKCS#8 DER in base64. */
const PrivateKey = string({ min: 1, max: 1024 });
const State = structure(
  {
    version: integer({ min: 1, max: 1 }),
    enrolled: structure({ agentId: string({ min: 1, max: 128 }), privateKey: PrivateKey }, 'agentId', 'privateKey'),
    enrolling: structure({ privateKey: PrivateKey }, 'privateKey'),
  },
  'version',
);
type State = Static<typeof State>;

/** Opens (or makes) the directory. Throws {@link AgentStopped} where its file is damaged or open to others. */
export function openIdentities(directory: string): Identities {
  const file = join(directory, 'identity.json');
  try {
    makeDirectory(directory);
  } catch (error) {
    throw new AgentStopped(`The state directory ${directory} cannot be made: ${(error as Error).message}`);
  }
  let state = read(file);
  const replace = (next: State): void => {
    write(directory, file, next);
    state = next;
  };
  return {
    file,
    enrolled: () =>
      state.enrolled && { agentId: state.enrolled.agentId, privateKey: open(state.enrolled.privateKey, file) },
    keyToEnroll: () => {
      if (state.enrolling) return open(state.enrolling.privateKey, file);
      const { privateKey } = generateKeyPairSync('ed25519');
      replace({ ...state, enrolling: { privateKey: encode(privateKey) } });
      return privateKey;
    },
    keep: (agentId) => {
      if (!state.enrolling) throw new Error('There is no key that was enrolled');
      const { privateKey } = state.enrolling;
      replace({ version: 1, enrolled: { agentId, privateKey } });
      return { agentId, privateKey: open(privateKey, file) };
    },
  };
}

const encode = (key: KeyObject): string => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');

function open(base64: string, file: string): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Falls through: a key that cannot be read is no better than one of another kind.
  }
  throw damaged(file);
}

function read(file: string): State {
  let text: string;
  try {
    if ((statSync(file).mode & 0o077) !== 0) {
      throw new AgentStopped(`Others can read ${file}, which holds the agent's private key. Run: chmod 600 ${file}`);
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof AgentStopped) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1 };
    throw new AgentStopped(`The agent's state cannot be read: ${(error as Error).message}`);
  }
  try {
    const state = parse(State, JSON.parse(text));
    if (check(State, state).length === 0) return state;
  } catch {
    // Falls through.
  }
  throw damaged(file);
}

const damaged = (file: string): AgentStopped =>
  new AgentStopped(`${file} is damaged. Restore it, or remove it and enrol with a new token.`);

/** Whole or not at all, also when the machine stops in between. */
function write(directory: string, file: string, state: State): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(draft, file);
    const descriptor = openSync(directory, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (error) {
    throw new AgentStopped(`The agent's state cannot be written: ${(error as Error).message}`);
  }
}
