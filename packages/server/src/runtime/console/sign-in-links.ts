import { createHash, timingSafeEqual } from 'node:crypto';
import type { ConsoleKey, LoopbackConnection, RedeemSignIn } from '../../wire/console-session.ts';
import { peerUser } from './peer-user.ts';

/** How long a link may be used, in milliseconds. */
const LIFE = 10 * 60_000;
/** More than one person opens at once; the oldest goes first. */
const MOST = 16;

interface Waiting {
  readonly digest: Buffer;
  readonly key: ConsoleKey;
  readonly expiresAt: number;
  /** Only a program of the user that this server runs as may use it: others on this machine could have seen it. */
  readonly ownUserOnly: boolean;
}

/** A link that was used, whatever came of it. */
export interface SignInUse {
  readonly accessKeyId: string;
  readonly region: string;
  /** Why it did not sign in. */
  readonly refused: 'EXPIRED' | 'OTHER_USER' | undefined;
  readonly connection: LoopbackConnection;
}

export interface SignInLinks {
  /** A token that signs in once, with this key, within ten minutes. */
  readonly issue: (key: ConsoleKey, options: { readonly ownUserOnly: boolean }) => string;
  readonly redeem: RedeemSignIn;
}

/** Links that sign a person in to the console without typing a key. They are in this process's memory only, as digests. */
export function createSignInLinks({
  now,
  random,
  ownUser,
  userOf = peerUser,
  onUse,
}: {
  readonly now: () => number;
  readonly random: (size: number) => Buffer;
  /** The user id that this process runs as; undefined on systems that have none. */
  readonly ownUser: number | undefined;
  readonly userOf?: typeof peerUser;
  /** Told of each use of a link before anybody is signed in: where it rejects, nobody is. */
  readonly onUse: (use: SignInUse) => Promise<void>;
}): SignInLinks {
  let waiting: readonly Waiting[] = [];
  return {
    issue: (key, { ownUserOnly }) => {
      const token = random(32).toString('base64url');
      const link = { digest: digestOf(token), key, expiresAt: now() + LIFE, ownUserOnly };
      waiting = [...waiting.filter(({ expiresAt }) => expiresAt > now()), link].slice(-MOST);
      return token;
    },
    redeem: async (token, connection) => {
      const digest = digestOf(token);
      // All are compared, whichever it is.
      const [found] = waiting.filter((link) => timingSafeEqual(link.digest, digest));
      // Whatever comes of it, it was used.
      waiting = waiting.filter((link) => link !== found);
      if (!found) return undefined;
      const isOther = async (): Promise<boolean> =>
        found.ownUserOnly && (ownUser === undefined || (await userOf(connection)) !== ownUser);
      const refused = found.expiresAt <= now() ? 'EXPIRED' : (await isOther()) ? 'OTHER_USER' : undefined;
      const { accessKeyId, region } = found.key;
      await onUse({ accessKeyId, region, refused, connection });
      return refused ? undefined : found.key;
    },
  };
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
