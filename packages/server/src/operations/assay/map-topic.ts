import { isIP } from 'node:net';
import type { AssayInput } from '@assay/model/assay/operations.ts';
import type { TopicSecrets } from '../../delivery/delivery.ts';
import { isAllowedAddress } from '../../delivery/is-allowed-address.ts';
import { isTopicArn } from '../../domain/topic-arn.ts';
import { mapTopic as map } from '../../engine/notify/map-topic.ts';
import { type Topic, topicPurpose } from '../../store/tables/topics.ts';
import { invalidInput } from './errors.ts';
import type { AssayOperation } from './operation.ts';
import { topicItem } from './topic-item.ts';

export const mapTopic: AssayOperation<'MapTopic', 'store' | 'now' | 'random' | 'secrets' | 'wakeJobs'> =
  ({ store, now, random, secrets, wakeJobs }) =>
  async (input, { scope }) => {
    const { topicArn: arn, allowPrivate = false, signatureVersion = 1, headers = [] } = input;
    if (!isTopicArn(arn)) throw invalid(`"${arn}" is not the ARN of a topic: arn:aws:sns:REGION:ACCOUNT:NAME`);
    const { url, format } = requireAddress(input, allowPrivate);
    requireHeaders(headers);
    const signingSecret =
      format === 'STANDARD_WEBHOOKS' ? `whsec_${Buffer.from(random(32)).toString('base64')}` : undefined;
    const hidden: TopicSecrets = {
      ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])) }),
      ...(signingSecret === undefined ? {} : { signingSecret }),
    };
    const at = now();
    const before = await store.topics.find(scope, arn);
    const topic: Topic = {
      ...{ arn, format, url, allowPrivate, events: [...new Set(input.events ?? before?.events ?? [])] },
      signatureVersion: signatureVersion === 2 ? 2 : 1,
      secrets: Object.keys(hidden).length === 0 ? null : secrets.seal(JSON.stringify(hidden), topicPurpose(scope, arn)),
      token: Buffer.from(random(32)).toString('hex'),
      ...{ mappedAt: at, confirmedAt: null, unmappedAt: null },
      ...{ lastTriedAt: null, lastDeliveredAt: null, lastError: null },
    };
    await store.transaction((tables) => map(tables, scope, topic, at));
    wakeJobs();
    const waiting = (await store.outbox.waiting(scope)).get(arn) ?? 0;
    return {
      topic: topicItem(secrets, scope, topic, waiting),
      ...(signingSecret === undefined ? {} : { signingSecret }),
    };
  };

const invalid = (message: string) => invalidInput('INVALID_MEMBER', message);

/** The address as it is kept, and the format that it asks for. Throws INVALID_MEMBER. */
function requireAddress(
  { url: text, format: asked, headers = [] }: AssayInput<'MapTopic'>,
  allowPrivate: boolean,
): Pick<Topic, 'url' | 'format'> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const format = asked ?? formatOf(url);
  if (headers.length > 0 && (format === 'MAIL' || format === 'AMAZON_SNS')) {
    throw invalid('Headers are sent with POSTs only, neither with mail nor to Amazon SNS');
  }
  if (format === 'MAIL') return { url: requireMailbox(text, url), format };
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalid(
      `"${text.slice(0, 200)}" is no address that events can be sent to: give https://…, http://… or mailto:…`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid('Give no user and password in the address: they would be shown with it. Give a header.');
  }
  url.hash = '';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if ((isIP(host) !== 0 && !isAllowedAddress(host, allowPrivate)) || (/^localhost\.?$/.test(host) && !allowPrivate)) {
    const advice = isIP(host) === 0 || isAllowedAddress(host, true) ? ' unless private addresses are allowed' : '';
    throw invalid(`Events are not sent to ${host}${advice}`);
  }
  return { url: url.href, format };
}

/** What an address asks for where no format is given. */
function formatOf(url: URL | undefined): Topic['format'] {
  if (url?.protocol === 'mailto:') return 'MAIL';
  return url && /^sns(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(url.hostname) ? 'AMAZON_SNS' : 'SNS';
}

/** One mailbox: no list, no name, no subject. */
const MAILBOX = /^[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/;

/** Throws INVALID_MEMBER. */
function requireMailbox(text: string, url: URL | undefined): string {
  const box = url?.protocol === 'mailto:' && url.search === '' && url.hash === '' ? decoded(url.pathname) : '';
  if (!MAILBOX.test(box)) throw invalid(`"${text.slice(0, 200)}" is no mailbox: give one address, mailto:NAME@HOST`);
  return `mailto:${encodeURIComponent(box).replaceAll('%40', '@')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Headers that the sender writes itself, or that would change what the request is. */
const OWN =
  /^(host|content-length|content-type|transfer-encoding|connection|expect|upgrade|te|trailer|x-amz-sns-.*|webhook-.*)$/i;

function requireHeaders(headers: NonNullable<AssayInput<'MapTopic'>['headers']>): void {
  for (const { name, value } of headers) {
    if (OWN.test(name)) throw invalid(`The header ${name} is the server's own`);
    if (!/^[\t\x20-\x7e]*$/.test(value)) throw invalid(`The value of the header ${name} must be printable ASCII`);
  }
}
