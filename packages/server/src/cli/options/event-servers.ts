import { hostname } from 'node:os';
import { InvalidArgumentError } from 'commander';
import type { SnsEndpoint } from '../../delivery/amazon-sns.ts';
import type { MailServer } from '../../delivery/mail.ts';
import { CliError } from '../../runtime/cli-error.ts';

/** The endpoint of Amazon SNS, or of what speaks as it does. */
export function snsEndpoint(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError('It must be like https://sns.example.');
  return text;
}

/** Whoever starts the server may name a private address. */
export const snsOf = (option: string | true): SnsEndpoint => ({
  allowPrivate: true,
  ...(option === true ? {} : { url: option }),
});

export function smtpUrl(text: string): string {
  if (!isSmtpUrl(text)) throw new InvalidArgumentError(SMTP_FORM);
  return text;
}

const SMTP_FORM = 'It must be like smtps://user:password@mail.example:465 or smtp://mail.example:587.';
const isSmtpUrl = (text: string): boolean =>
  URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';

/** The mail server that the options or the environment name. Throws {@link CliError}. */
export function mailServerOf(
  { smtpUrl: given, mailFrom = `assay@${hostname()}` }: { readonly smtpUrl?: string; readonly mailFrom?: string },
  env: NodeJS.ProcessEnv = process.env,
): { readonly mailServer?: MailServer } {
  const url = given ?? env.ASSAY_SMTP_URL;
  if (!url) return {};
  if (!isSmtpUrl(url)) throw new CliError(`ASSAY_SMTP_URL is not the URL of a mail server. ${SMTP_FORM}`);
  if (!/^[^\s<>,;]+@[^\s<>,;]+$/.test(mailFrom)) throw new CliError(`--mail-from ${mailFrom} is not one address.`);
  return { mailServer: { url, from: mailFrom } };
}
