import type { KeyPair } from '../runtime/access-keys.ts';
import type { Service } from '../runtime/service.ts';
import { browserOpener, openBrowser } from './open-browser.ts';

interface ShowConsole {
  readonly service: Pick<Service, 'signInLinks'>;
  readonly endpoint: string;
  readonly key: KeyPair;
  readonly region: string;
  readonly stream: NodeJS.WriteStream;
  /** Open it in the browser, where there is one. */
  readonly open: boolean;
}

/**
 * Prints the console's address, with a link that signs in once where a person reads it, and opens it. A link is a secret:
 * it is printed to a terminal only, not into a log.
 */
export function showConsole({ service, endpoint, key, region, stream, open }: ShowConsole): void {
  const address = `${endpoint}/console/`;
  const { signInLinks } = service;
  // It is packed meanwhile: whoever opens it waits less.
  fetch(address).catch(() => undefined);
  if (!signInLinks || !stream.isTTY) {
    stream.write(`  Console ${address}\n`);
    return;
  }
  const { accessKeyId, secretAccessKey } = key;
  const link = (ownUserOnly: boolean): string =>
    `${address}#/sign-in?once=${signInLinks.issue({ accessKeyId, secretAccessKey, region }, { ownUserOnly })}`;
  const opener = open ? browserOpener(process.env, { isTerminal: stream.isTTY, user: process.getuid?.() }) : undefined;
  // What a program is started with, all users of this machine can read.
  if (opener !== undefined) openBrowser(opener, link(true));
  const opening = opener === undefined ? '' : ' It is opening in your browser.';
  stream.write(`  Console ${link(false)}\n          This link signs you in once, within ten minutes.${opening}\n`);
}
