import { isIP } from 'node:net';
import { type FailureStatus, failed, type Send } from './delivery.ts';
import { eventWords } from './event-words.ts';
import { attempt, type PostDeps } from './post.ts';

/** The server that mail is given to. */
export interface MailServer {
  /** `smtps://user:password@host:465` or `smtp://host:587`. */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
}

/**
 * A mail for each event, in words and with the message itself. TLS is required unless the mail server is on this machine.
 * A mail that is sent again has the same Message-ID, and mails of one run are one thread.
 */
export const mail =
  (deps: Pick<PostDeps, 'timeout'>, server: MailServer | undefined): Send =>
  async ({ url }, outgoing, stop) => {
    if (!server) return failed('INTERNAL_ERROR', 'The server has no mail server: start it with --smtp-url');
    const { title, lines } = eventWords(outgoing);
    const members = JSON.parse(outgoing.message) as Members;
    const to = decodeURIComponent(new URL(url).pathname);
    const host = new URL(server.url).hostname;
    return attempt(deps, host, stop, async (signal) => {
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        url: server.url,
        requireTLS: !isHere(host),
        // Files and URLs in a message would be read by the server.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const abort = (): void => transport.close();
      signal.addEventListener('abort', abort, { once: true });
      try {
        const sent = transport.sendMail({
          from: server.from,
          to: { name: '', address: to },
          subject: `Assay: ${title}${about(members)}`,
          text: `${[title, '', ...lines].join('\n')}\n\n${outgoing.message}\n`,
          messageId: `<${outgoing.messageId}@assay>`,
          date: new Date(outgoing.happenedAt),
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Assay-Event': outgoing.event },
          ...thread(members),
        });
        await Promise.race([sent, aborted(signal)]);
        return { delivered: true };
      } catch (error) {
        const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
        if (signal.aborted || (code !== 'EAUTH' && responseCode === undefined)) throw error;
        return failed(statusOf(code, responseCode), `${host} answered: ${message}`);
      } finally {
        signal.removeEventListener('abort', abort);
        transport.close();
      }
    });
  };

type Members = Readonly<Record<string, unknown>>;

const isHere = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

function statusOf(code: string | undefined, response = 0): FailureStatus {
  if (code === 'EAUTH') return 'ACCESS_DENIED';
  return response === 550 || response === 551 || response === 553 ? 'TOPIC_DOES_NOT_EXIST' : 'INTERNAL_ERROR';
}

/** What the event is about, for its subject: the run's new state, the finding, or the host. */
function about({ newstate, finding, run }: Members): string {
  const what = newstate ?? finding ?? run;
  return typeof what === 'string' ? ` (${what.slice(what.lastIndexOf('/') + 1).slice(0, 100)})` : '';
}

/** Mails of one run refer to one that is never sent. */
function thread({ run }: Members): { readonly references?: string } {
  const id = typeof run === 'string' ? /[A-Za-z0-9-]+$/.exec(run)?.[0] : undefined;
  return id === undefined ? {} : { references: `<run-${id}@assay>` };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
